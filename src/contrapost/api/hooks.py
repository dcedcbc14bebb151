"""The door for the stores' webhooks: `POST /hooks/{account}/{token}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from contrapost import hooks
from contrapost.door import app_of
from contrapost.stores.contract import Hook

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt
@require_POST
def take(request: HttpRequest, account: str, token: str) -> HttpResponse:
    """Takes a webhook and answers at once: 200 where it is ours, new or seen before; 401 for all others alike."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    taken = hooks.take(app_of(request), account, token, Hook(headers=headers, body=request.body))
    if taken is hooks.Taken.REFUSED:
        return JsonResponse({"taken": False}, status=401)
    return JsonResponse({"taken": taken is hooks.Taken.NEW})
