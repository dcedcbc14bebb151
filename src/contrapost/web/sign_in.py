"""How sign-in differs from what the library does: nobody signs up by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm

if TYPE_CHECKING:
    from django.http import HttpRequest

_NO_MATCH = "Name and password do not go together. Try again."


class Adapter(DefaultAccountAdapter):  # type: ignore[misc] # the library says nothing of its types
    """People come in by a link that an administrator gives them."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _NO_MATCH,
        "email_password_mismatch": _NO_MATCH,
        "too_many_login_attempts": "There were too many failed tries to sign in. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Says no."""
        del request
        return False


class SignInForm(LoginForm):  # type: ignore[misc] # the library says nothing of its types
    """Name or address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the library declares it
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "Name or e-mail"
        self.fields["login"].widget.attrs = {"autocomplete": "username", "autofocus": True}
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}
        self.fields["password"].help_text = ""
