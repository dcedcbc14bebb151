"""The addresses of the tests: the pages, and a sign-in that asks for a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import include, path
from django.utils.html import format_html
from people import NAMES

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class SignIn(forms.Form):
    """The form of the real sign-in, with made-up people behind it."""

    login = forms.CharField(label="Email")
    password = forms.CharField(label="Password", widget=forms.PasswordInput)


def sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in whom the form names."""
    form = SignIn(request.POST or None)
    if request.method == "POST" and form.is_valid():
        request.session["role"] = form.cleaned_data["login"].partition("@")[0]
        return HttpResponseRedirect(request.POST.get("next") or "/")
    back = request.GET.get("next", "")
    context = {"form": form, "redirect_field": format_html("<input type='hidden' name='next' value='{}'>", back)}
    return render(request, "account/login.html", context)


def sign_out(request: HttpRequest) -> HttpResponse:
    """Signs out."""
    request.session.flush()
    return HttpResponseRedirect("/accounts/login/")


handler404 = "contrapost.web.pages.refused.handler404"
handler500 = "contrapost.web.pages.refused.handler500"
urlpatterns = [
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/logout/", sign_out, name="account_logout"),
    path("", include("contrapost.web.pages")),
]
assert NAMES
