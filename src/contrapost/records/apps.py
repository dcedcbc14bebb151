"""What Django calls this app."""

from __future__ import annotations

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The rows of Contrapost, in tables that start with `records_`."""

    name = "contrapost.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
