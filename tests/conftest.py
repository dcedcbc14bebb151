"""Django is set up before any test imports the rows: their models can only be made then."""

from __future__ import annotations

from contrapost.records.setup import configure
from contrapost.vault import Vault, new_key
from contrapost.web.settings import settings_of

_web = settings_of(Vault([new_key()]), "http://testserver") | {
    "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]
}
configure("sqlite:///no-such-folder/rows.db", **_web)
