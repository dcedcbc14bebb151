"""The pages: one file a screen."""

from __future__ import annotations

from django.urls import path

from contrapost.web.pages import (
    account,
    adopt,
    check,
    delete,
    errors,
    netsuite,
    people,
    profile,
    raw,
    reconcile,
    refund,
    refunds,
    retrieve,
    settings,
    tokens,
    waiting,
)

_REFUNDS, _REFUND = "other-transactions/", "other-transactions/<int:id_>/"

urlpatterns = [
    path("", refunds.home, name="home"),
    path(_REFUNDS, refunds.page, name="refunds"),
    path(f"{_REFUNDS}retrieve/", retrieve.page, name="retrieve"),
    path(f"{_REFUNDS}check/<slug:name>/", check.posted, name="check-posted"),
    path(_REFUND, refund.page, name="refund"),
    path(f"{_REFUND}preview/", refund.preview, name="refund-preview"),
    path(f"{_REFUND}post/", refund.post, name="refund-post"),
    path(f"{_REFUND}accept/", refund.accept, name="refund-accept"),
    path(f"{_REFUND}cancel/", refund.cancel, name="refund-cancel"),
    path(f"{_REFUND}restore/", refund.restore, name="refund-restore"),
    path(f"{_REFUND}adopt/", adopt.page, name="refund-adopt"),
    path(f"{_REFUND}elsewhere/", adopt.elsewhere, name="refund-elsewhere"),
    path(f"{_REFUND}release/", adopt.release, name="refund-release"),
    path(f"{_REFUND}delete/", delete.page, name="refund-delete"),
    path(f"{_REFUND}raw/", raw.page, name="refund-raw"),
    path("waiting/", waiting.page, name="waiting"),
    path("waiting/look/", waiting.look, name="waiting-look"),
    path("errors/", errors.page, name="errors"),
    path("errors/retry/", errors.retry, name="errors-retry"),
    path("reconcile/", reconcile.page, name="reconcile"),
    path("reconcile/daily/", reconcile.daily, name="reconcile-daily"),
    path("reconcile/<int:id_>/", reconcile.one, name="reconciliation"),
    path("reconcile/<int:id_>/table/", reconcile.as_table, name="reconciliation-table"),
    path("reconcile/<int:id_>/json/", reconcile.as_json, name="reconciliation-json"),
    path("reconcile/<int:id_>/retrieve/", reconcile.retrieve, name="reconciliation-retrieve"),
    path("settings/", settings.page, name="settings"),
    path("settings/accounts/<slug:name>/", account.page, name="account"),
    path("settings/accounts/<slug:name>/test/", account.test, name="account-test"),
    path("settings/accounts/<slug:name>/profile/", profile.page, name="profile"),
    path("settings/accounts/<slug:name>/profile/file/", profile.file, name="profile-file"),
    path("settings/accounts/<slug:name>/profile/import/", profile.take_over, name="profile-import"),
    path("settings/add-account/<slug:kind>/", account.add, name="account-add"),
    path("settings/netsuite/<slug:name>/", netsuite.page, name="netsuite"),
    path("settings/netsuite/<slug:name>/test/", netsuite.test, name="netsuite-test"),
    path("settings/add-netsuite/", netsuite.add, name="netsuite-add"),
    path("people/", people.page, name="people"),
    path("api-tokens/", tokens.page, name="tokens"),
]
