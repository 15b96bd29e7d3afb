"""A person's picture: put, replaced and taken away with all its files."""

from functools import partial

from django.db import transaction

from accounts.models import User
from accounts.picture_files import delete_picture, store_picture
from accounts.pictures import SIZES, squares
from accounts.services.versions import lock_profile, save_next


def put_picture(*, user: User, body: bytes) -> int:
    """Make this the person's picture and return the new version of the profile.

    Decoding and writing happen before the transaction. The files of the one before are deleted once the new one
    is committed; if it is not, the new ones are. Raises what `pictures.squares` raises. Publishes ProfileChanged.
    """
    name = store_picture(squares(body))
    try:
        return _set_picture(user, name)
    except BaseException:
        delete_picture(name, SIZES)
        raise


def remove_picture(*, user: User) -> None:
    """Take the person's picture away, its files with the commit; nothing happens if there is none.

    Locks the person's row. Publishes ProfileChanged.
    """
    _set_picture(user, "")


@transaction.atomic
def _set_picture(user: User, name: str) -> int:
    profile = lock_profile(user)
    before = profile.picture
    if before == name:
        return profile.version
    profile.picture = name
    if before:
        transaction.on_commit(partial(delete_picture, before, SIZES), robust=True)
    return save_next(profile)
