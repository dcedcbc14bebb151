"""Coming in by a link that is used once: an invited person, or the first administrator, chooses a password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth import authenticate, login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from contrapost.door import app_of
from contrapost.records import credentials
from contrapost.records.errors import AlreadyThereError, LinkSpentError, NameRefusedError

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from contrapost.records.rows import LinkToSignIn

_KEPT = "welcome"
"""Where the session keeps the secret of the link, so that it does not stay in the address."""


class PasswordForm(forms.Form):
    """A password, typed twice."""

    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 10 characters; a short sentence is easy to remember.",
    )
    again = forms.CharField(
        label="Password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        """Refuses a password that is easy to guess."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        """Refuses two passwords."""
        if "password" in self.cleaned_data and self.cleaned_data["password"] != self.cleaned_data.get("again"):
            self.add_error("again", "The two passwords differ.")
        return self.cleaned_data


class FirstForm(PasswordForm):
    """The first administrator's name, address and password."""

    name = forms.CharField(
        max_length=150,
        label="Your name",
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True}),
        help_text="You sign in with it, and the history shows it.",
    )
    email = forms.EmailField(
        required=False,
        label="E-mail (optional)",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="You can sign in with it too.",
    )
    field_order = ("name", "email", "password", "again")


@require_safe
@never_cache
def take(request: HttpRequest, secret: str) -> HttpResponse:
    """Takes the secret out of the address and goes on."""
    if credentials.find_link(secret, now=app_of(request).now()) is None:
        return render(request, "account/link_spent.html", status=410)
    request.session[_KEPT] = secret
    return HttpResponseRedirect(reverse("welcome"))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """Asks for a password, and a name where there is none yet; then the person is signed in."""
    app = app_of(request)
    secret = str(request.session.get(_KEPT, ""))
    link = credentials.find_link(secret, now=app.now())
    if link is None:
        return render(request, "account/link_spent.html", status=410)
    form = _form(link, request)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person = credentials.use_link(
                secret,
                given["password"],
                name=given.get("name", ""),
                email=given.get("email", ""),
                now=app.now(),
            )
        except LinkSpentError:
            return render(request, "account/link_spent.html", status=410)
        except (AlreadyThereError, NameRefusedError) as refused:
            form.add_error("name", str(refused))
        else:
            _sign_in(request, person.name, given["password"])
            return HttpResponseRedirect("/")
    return render(request, "account/welcome.html", {"form": form, "person": link.person})


def _form(link: LinkToSignIn, request: HttpRequest) -> PasswordForm:
    kind = PasswordForm if link.person else FirstForm
    return kind(request.POST if request.method == "POST" else None)


def _sign_in(request: HttpRequest, name: str, password: str) -> None:
    """Signs in anew, so that nobody else's session becomes this person's."""
    request.session.flush()
    user = authenticate(request, username=name, password=password)
    if user is not None:
        login(request, user)
