"""The picture of a person, as files."""

from accounts.models import Profile
from accounts.picture_files import read_picture
from accounts.pictures import SIZES
from timetravelers.kit.errors import NotFound


def picture_name(user_id: int) -> str:
    """The name of the person's picture, another one for each picture; raises NotFound if there is none."""
    name = Profile.objects.filter(pk=user_id).values_list("picture", flat=True).first()
    if not name:
        raise NotFound("There is no picture.")
    return name


def picture_square(name: str, size: int) -> bytes:
    """One of its squares; raises NotFound for a size that is not made, and for a file that is gone."""
    body = read_picture(name, size) if size in SIZES else None
    if body is None:
        raise NotFound("There is no such picture.")
    return body
