"""Settings for the pages by themselves, until they stand behind the real sign-in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

SETTINGS: dict[str, Any] = {
    "SECRET_KEY": "only for tests",
    "ROOT_URLCONF": "addresses",
    "ALLOWED_HOSTS": ["*"],
    "LOGIN_URL": "/accounts/login/",
    "STATIC_URL": "/static/",
    "INSTALLED_APPS": [
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "django.contrib.staticfiles",
        "django_htmx",
        "contrapost.web",
    ],
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "people.Present",
        "django_htmx.middleware.HtmxMiddleware",
    ],
    "TEMPLATES": [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
    "MESSAGE_STORAGE": "django.contrib.messages.storage.session.SessionStorage",
}
