"""Accounts: who a person is, and the career taxonomy everyone refers to."""

from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("accounts.api.openapi")
        import_module("accounts.constraints").register()
        import_module("accounts.personal").register_tables()
        import_module("accounts.staff").connect()
        import_module("accounts.subscribers").connect(self)
        import_module("accounts.identity.codes").connect()
        import_module("accounts.identity.passkeys").connect()
        import_module("accounts.identity.signals").connect()
        import_module("accounts.signing").key_ring()  # keys that cannot work stop the house here, not a phone later
