"""The form in which staff write a Traveler: a profile as fields, checked like a content file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect

from accounts.career_stage import STAGES
from accounts.models import AXES, Occupation, User
from accounts.pictures import squares
from mentors.models import Traveler
from mentors.profiles import Profile, is_same, tidy
from mentors.services.editing import open_edit
from mentors.services.versions import find_problems, instructions_for, newest_version, references_of
from timetravelers.kit.errors import DomainError

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Traveler]
else:  # Django's own class takes no parameters at run time
    _ModelForm = forms.ModelForm

RANGES = {
    "pace_hours": "pace_hours_per_week",
    "horizon_months": "horizon_months",
    "experience_years": "suits_years_experience",
    "career_stage": "career_stages",
}
_SAME = ("slug", "name", "era_years", "story", "voice", "greeting", "capacity")
_STAGE_CHOICES = [(stage, stage.title()) for stage in STAGES]


def _long(help_text: str, rows: int = 4) -> forms.CharField:
    return forms.CharField(widget=forms.Textarea(attrs={"rows": rows, "cols": 100}), help_text=help_text)


class TravelerForm(_ModelForm):
    """Checks all that a content file is checked for, and that nobody saved another version meanwhile.

    A valid form of a Traveler that exists holds the lock on Travelers until the transaction ends. With `_preview`
    among the data it is never valid, and `preview` holds what the provider would be told.
    """

    actor: ClassVar[User]
    preview = ""

    slug = forms.SlugField(max_length=60, help_text="Stays for ever.")
    name = forms.CharField(max_length=60)
    era_years = forms.IntegerField(help_text="How many years further along the career.")
    occupation = forms.ModelChoiceField(
        Occupation.objects.all(),
        widget=AutocompleteSelect(Traveler._meta.get_field("occupation"), admin.site),
    )
    specializations = _long("One on each line.", 5)
    skills = _long("One on each line: the skill's key, a blank, and the level from 1 to 5.", 8)
    story = _long("In the first person; fiction.", 8)
    voice = _long("How it sounds.", 3)
    greeting = _long("Says that an AI speaks.", 3)
    boundaries = _long("One on each line: what it refuses, a | and whom it refers to instead.", 6)
    languages = forms.CharField(help_text="Codes of two letters, with blanks between; English (en) among them.")
    capacity = forms.IntegerField(help_text="How many open sessions it holds at once.")
    pace_hours_min = forms.IntegerField(label="Hours a week, from")
    pace_hours_max = forms.IntegerField(label="to")
    horizon_months_min = forms.IntegerField(label="Months to the goal, from")
    horizon_months_max = forms.IntegerField(label="to")
    experience_years_min = forms.IntegerField(label="Suits years of experience, from")
    experience_years_max = forms.IntegerField(label="to")
    career_stage_min = forms.ChoiceField(label="Suits career stages, from", choices=_STAGE_CHOICES)
    career_stage_max = forms.ChoiceField(label="to", choices=_STAGE_CHOICES)
    active_reflective = forms.FloatField(help_text="From -1 (active) to 1 (reflective).")
    sensing_intuitive = forms.FloatField(help_text="From -1 (sensing) to 1 (intuitive).")
    visual_verbal = forms.FloatField(help_text="From -1 (visual) to 1 (verbal).")
    sequential_global = forms.FloatField(help_text="From -1 (sequential) to 1 (global).")
    picture = forms.FileField(required=False, help_text="Another portrait: JPEG, PNG or WebP.")
    note = forms.CharField(required=False, max_length=300, help_text="What this edit is for.")
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Traveler
        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance: Traveler | None = kwargs.get("instance")
        if instance is not None:
            stands = {"occupation": instance.occupation_id, "expected_version": instance.version}
            kwargs["initial"] = {**initial_of(newest_version(instance).profile), **stands}
        super().__init__(*args, **kwargs)
        if instance is not None:
            self.fields["slug"].disabled = True

    @property
    def profile(self) -> Profile:
        """The profile that a form says whose fields are all there."""
        return cast("Profile", tidy(profile_of(self.cleaned_data)))

    def clean_picture(self) -> bytes | None:
        """The bytes of a picture that can be used."""
        upload = self.cleaned_data["picture"]
        if not upload:
            return None
        if upload.size > settings.PICTURE_MAX_BYTES:
            raise forms.ValidationError("The file is too large.")
        body: bytes = upload.read()
        try:
            squares(body)
        except DomainError as refusal:
            raise forms.ValidationError(refusal.detail or refusal.title) from None
        return body

    def clean(self) -> None:
        if self.errors:
            return
        for problem in find_problems(self.profile):
            self.add_error(field_at(problem.place), f"{problem.place}: {problem.text}")
        if self.errors:
            return
        if "_preview" in self.data:
            self._show_preview()
        elif self.instance.pk:
            self._hold_off_others()
        elif Traveler.objects.filter(slug=self.cleaned_data["slug"]).exists():
            self.add_error("slug", "There is a Traveler of this slug already.")

    def _show_preview(self) -> None:
        self.preview = instructions_for(self.profile, references_of([self.profile]))
        self.add_error(None, "This is a preview: nothing has been saved.")

    def _hold_off_others(self) -> None:
        expected = self.cleaned_data.get("expected_version") or 0
        try:
            row = open_edit(actor=self.actor, traveler=self.instance.uid, expected_version=expected)
        except DomainError as refusal:
            self.add_error(None, f"{refusal.title}. {refusal.detail}")
            return
        if self.cleaned_data["picture"] is None and is_same(newest_version(row).profile, self.profile):
            self.add_error(None, "Nothing was changed.")

    def _post_clean(self) -> None:
        """Django would check the model here, and copy fields to it; the service writes it from the profile."""


def initial_of(profile: Profile) -> dict[str, Any]:
    """What the fields show of a profile; all but the occupation, which is chosen among rows."""
    return {
        **{name: profile[name] for name in _SAME},
        **profile["teaching_style"],
        **{f"{field}_{end}": profile[name][end] for field, name in RANGES.items() for end in ("min", "max")},
        "specializations": "\n".join(profile["specializations"]),
        "skills": "\n".join(f"{link['skill']} {link['level']}" for link in profile["skills"]),
        "boundaries": "\n".join(f"{one['refuses']} | {one['refers_to']}" for one in profile["boundaries"]),
        "languages": " ".join(profile["languages"]),
    }


def profile_of(cleaned: Mapping[str, Any]) -> Profile:
    """The profile that fields say; what cannot be read of them is left for the schema to refuse."""
    return {
        **{name: cleaned[name] for name in _SAME},
        **{name: {end: cleaned[f"{field}_{end}"] for end in ("min", "max")} for field, name in RANGES.items()},
        "teaching_style": {axis: cleaned[axis] for axis in AXES},
        "occupation": cleaned["occupation"].code,
        "specializations": _lines(cleaned["specializations"]),
        "skills": [_skill(line) for line in _lines(cleaned["skills"])],
        "boundaries": [_boundary(line) for line in _lines(cleaned["boundaries"])],
        "languages": cleaned["languages"].replace(",", " ").split(),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _skill(line: str) -> dict[str, Any]:
    key, _, level = line.rpartition(" ")
    # Of a level that is no level the beginning is refused as well, and int() itself fails at thousands of digits.
    return {"skill": key.strip(), "level": int(level[:9]) if level.isdecimal() else level}


def _boundary(line: str) -> dict[str, str]:
    refuses, _, refers_to = line.partition("|")
    return {"refuses": refuses.strip(), "refers_to": refers_to.strip()}


def field_at(place: str) -> str | None:
    """The field that a JSON pointer into a profile leads to; None for the profile as a whole."""
    first, _, rest = place.lstrip("/").partition("/")
    if first == "teaching_style" and rest in AXES:
        return rest
    ranged = {name: field for field, name in RANGES.items()}
    if first in ranged:
        return f"{ranged[first]}_{rest if rest in ('min', 'max') else 'min'}"
    return first if first in TravelerForm.base_fields else None
