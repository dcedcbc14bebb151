"""What Django is told for web and API, beyond where the database is."""

from __future__ import annotations

from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from contrapost.netsuite.settings import LOOPBACK

if TYPE_CHECKING:
    from contrapost.vault import Vault

HERE = Path(__file__).parent
SIGNED_IN_FOR = timedelta(hours=12)


def settings_of(vault: Vault, address: str = "http://localhost") -> dict[str, Any]:
    """Gives the settings of a server that people reach at this address."""
    parts = urlsplit(address)
    on_loopback = parts.hostname in LOOPBACK
    secret, *former_secrets = vault.derived("web")
    return {
        "SECRET_KEY": secret,
        "SECRET_KEY_FALLBACKS": former_secrets,
        "ALLOWED_HOSTS": ["localhost", "127.0.0.1", "[::1]", parts.hostname or ""],
        "ROOT_URLCONF": "contrapost.web.urls",
        "INSTALLED_APPS": [
            "contrapost.web",
            "django.contrib.sessions",
            "django.contrib.messages",
            "django.contrib.staticfiles",
            "django_htmx",
            "allauth",
            "allauth.account",
        ],
        "MIDDLEWARE": list(_MIDDLEWARE),
        "TEMPLATES": [_TEMPLATES],
        "STATIC_URL": "/static/",
        "WHITENOISE_USE_FINDERS": True,
        "WHITENOISE_AUTOREFRESH": False,
        "CACHES": {
            # Shared by all processes: what counts failed sign-ins must count them all.
            "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}
        },
        "LOGGING": _LOGGING,
        "USE_I18N": False,
        **_sign_in(),
        **_cookies(secure=not on_loopback),
        "CSRF_TRUSTED_ORIGINS": [f"{parts.scheme}://{parts.netloc}"],
        "CSRF_FAILURE_VIEW": "contrapost.web.security.form_too_old",
        "X_FRAME_OPTIONS": "DENY",
        "SECURE_REFERRER_POLICY": "same-origin",
        "SECURE_HSTS_SECONDS": 0 if on_loopback else int(timedelta(days=365).total_seconds()),
    }


def _sign_in() -> dict[str, Any]:
    validation = "django.contrib.auth.password_validation"
    return {
        "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
        "AUTH_PASSWORD_VALIDATORS": [
            {"NAME": f"{validation}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
            {"NAME": f"{validation}.UserAttributeSimilarityValidator"},
            {"NAME": f"{validation}.CommonPasswordValidator"},
        ],
        "LOGIN_URL": "account_login",
        "LOGIN_REDIRECT_URL": "/",
        "ACCOUNT_ADAPTER": "contrapost.web.sign_in.Adapter",
        "ACCOUNT_FORMS": {"login": "contrapost.web.sign_in.SignInForm"},
        "ACCOUNT_LOGIN_METHODS": {"username", "email"},
        "ACCOUNT_SIGNUP_FIELDS": ["username*", "email", "password1*"],
        "ACCOUNT_EMAIL_VERIFICATION": "none",
        "ACCOUNT_LOGOUT_REDIRECT_URL": "account_login",
        "ACCOUNT_SESSION_REMEMBER": True,
        "ACCOUNT_RATE_LIMITS": {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key", "change_password": "5/m/user"},
    }


def _cookies(*, secure: bool) -> dict[str, Any]:
    common = {"SECURE": secure, "HTTPONLY": True, "SAMESITE": "Lax"}
    return {
        "SESSION_COOKIE_AGE": int(SIGNED_IN_FOR.total_seconds()),
        **{f"{cookie}_COOKIE_{name}": value for cookie in ("SESSION", "CSRF") for name, value in common.items()},
    }


def has_pages() -> bool:
    """Says whether the pages are installed; the API does without them."""
    return find_spec("contrapost.web.pages") is not None


_MIDDLEWARE = (
    "contrapost.web.security.headers",
    "contrapost.api.problems.everywhere",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "contrapost.door.with_app",
)
_TEMPLATES: dict[str, Any] = {
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [HERE / "templates"],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]
    },
}
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"one line": {"()": "contrapost.web.lost.OneLine"}},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING"},
        "django.request": {"level": "ERROR", "filters": ["one line"]},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
"""Faults go to the log; what a visitor asks wrongly does not."""
