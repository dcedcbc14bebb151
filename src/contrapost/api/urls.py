"""The addresses of the API, and the document that describes it."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from django.urls import path
from ninja import NinjaAPI

from contrapost.api import again
from contrapost.api.problems import MEDIA_TYPE, handle
from contrapost.api.sync import router as sync_router
from contrapost.api.v1 import router

if TYPE_CHECKING:
    from ninja.openapi.schema import OpenAPISchema


class _Api(NinjaAPI):
    """Describes every fault as a problem."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:  # noqa: ANN401 - as ninja declares it
        """Gives the OpenAPI document."""
        document = super().get_openapi_schema(**given)
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400 and "content" in answer:  # noqa: PLR2004 - where HTTP's faults begin
                        answer["content"] = {MEDIA_TYPE: answer["content"].pop("application/json")}
        return document


api = _Api(
    title="Contrapost",
    version=version("contrapost"),
    description="Refunds of eCommerce stores, brought into NetSuite: the same actions as the web's.",
    docs_url=None,
    urls_namespace="api-v1",
)
handle(api)
api.add_router("", router)
api.add_router("", again.router)
api.add_router("", sync_router)

urlpatterns = [path("api/v1/", api.urls)]
