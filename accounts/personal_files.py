"""The stored files of a person: pictures, and copies that were made for them."""

from collections.abc import Iterator

from accounts.models import Export, Profile
from accounts.picture_files import picture_paths
from accounts.pictures import SIZES
from accounts.services.exports import STORAGE, export_file
from timetravelers.kit.catalogue import StoredFile


def picture_files(person: int) -> Iterator[StoredFile]:
    """The squares of the picture, if there is one."""
    for name in Profile.objects.filter(user_id=person).exclude(picture="").values_list("picture", flat=True):
        for size, path in picture_paths(name, SIZES).items():
            yield StoredFile("default", path, f"picture-{size}.webp")


def export_files(person: int) -> Iterator[StoredFile]:
    """Earlier exports; they have no label, for a copy of copies would grow without end."""
    for uid in Export.objects.filter(user_id=person).values_list("uid", flat=True):
        yield StoredFile(STORAGE, export_file(uid))
