"""The token endpoint: the client-credentials grant of apps of one's own shop."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING, Any

from contrapost_emulators.shopify.shop import TOKEN_SECONDS

if TYPE_CHECKING:
    from werkzeug import Request

    from contrapost_emulators.shopify.shop import Shop

PATH = "/admin/oauth/access_token"


def grant(shop: Shop, request: Request, body: object) -> tuple[int, dict[str, Any]]:
    """Gives a token for the right client id and secret, sent as a form or as JSON."""
    given = body if isinstance(body, dict) else request.form.to_dict()
    if request.method != "POST":
        return 404, {"errors": "Not Found"}
    if given.get("grant_type") != "client_credentials":
        return 400, {"error": "unsupported_grant_type", "error_description": "grant_type must be client_credentials"}
    if not _same(given.get("client_id"), shop.client_id):
        return 400, {"error": "application_cannot_be_found", "error_description": "No app has this client id"}
    if not _same(given.get("client_secret"), shop.client_secret):
        return 400, {"error": "invalid_client", "error_description": "The client secret is wrong"}
    return 200, {"access_token": shop.issue_token(), "scope": ",".join(shop.scopes), "expires_in": TOKEN_SECONDS}


def _same(given: object, right: str) -> bool:
    return isinstance(given, str) and compare_digest(given.encode(), right.encode())
