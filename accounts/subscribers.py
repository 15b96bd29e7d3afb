"""What the accounts room does when something happened: leaving, exports, and the groups behind roles."""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.management import create_permissions
from django.db.models.signals import post_migrate, post_save

from accounts.events import AccountDeletionRequested, DutyQueued, DutySettled, ExportRequested
from accounts.models import User
from accounts.services.apple_duties import CODE, TOKEN, revoke_by_code, revoke_token
from accounts.services.duties import performs
from accounts.services.roles import ensure_roles, join_role_group
from accounts.tasks import advance_account_deletion, build_data_export, perform_erasure_duty
from timetravelers.kit.events import subscribe


def go_on_with_deletion(event: AccountDeletionRequested | DutySettled) -> None:
    advance_account_deletion.delay(str(event.deletion))


def perform(event: DutyQueued) -> None:
    perform_erasure_duty.delay(str(event.duty))


def build(event: ExportRequested) -> None:
    build_data_export.delay(str(event.export))


def make_roles(app_config: AppConfig, **_: Any) -> None:
    # The rooms above have made their permissions by now; ours may come after us.
    create_permissions(app_config, verbosity=0)
    ensure_roles()


def join_group(instance: User, *, created: bool, raw: bool = False, **_: Any) -> None:
    if created and not raw:
        join_role_group(instance)


def connect(app: AppConfig) -> None:
    """Subscribe all of the above; called when the app is ready."""
    subscribe(AccountDeletionRequested, go_on_with_deletion)
    subscribe(DutySettled, go_on_with_deletion)
    subscribe(DutyQueued, perform)
    subscribe(ExportRequested, build)
    performs(TOKEN, revoke_token)
    performs(CODE, revoke_by_code)
    post_migrate.connect(make_roles, sender=app, dispatch_uid="accounts.roles")
    post_save.connect(join_group, sender=User, dispatch_uid="accounts.role_group")
