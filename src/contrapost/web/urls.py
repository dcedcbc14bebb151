"""The addresses of web and API."""

from __future__ import annotations

from allauth.account import views as sign_in
from django.urls import include, path

from contrapost.api import hooks
from contrapost.web import welcome
from contrapost.web.settings import has_pages

urlpatterns = [
    path("sign-in/", sign_in.login, name="account_login"),
    path("sign-out/", sign_in.logout, name="account_logout"),
    path("shut-out/", sign_in.account_inactive, name="account_inactive"),
    path("password/", sign_in.password_change, name="account_change_password"),
    path("password/confirm/", sign_in.reauthenticate, name="account_reauthenticate"),
    path("welcome/", welcome.choose, name="welcome"),
    path("welcome/<str:secret>/", welcome.take, name="welcome-link"),
    path("hooks/<slug:account>/<str:token>", hooks.take, name="hook"),
    path("", include("contrapost.api.urls")),
    *([path("", include("contrapost.web.pages"))] if has_pages() else []),
]

handler404 = "contrapost.web.pages.refused.handler404"
handler500 = "contrapost.web.pages.refused.handler500"
