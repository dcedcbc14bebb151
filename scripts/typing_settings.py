"""The settings under which mypy's Django plug-in looks at our models."""

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = ["contrapost.records", "django.contrib.contenttypes", "django.contrib.auth"]
AUTH_USER_MODEL = "records.Person"
SECRET_KEY = "only for types"  # noqa: S105 - nothing is ever signed with it
USE_TZ = True
