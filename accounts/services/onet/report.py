"""What an import came to, by table."""

from dataclasses import astuple, dataclass, field, fields

from timetravelers.kit.upserts import Tally


@dataclass(frozen=True, slots=True)
class Diff:
    """How many rows of a table were made, changed, retired, removed, and left as they were."""

    created: int = 0
    changed: int = 0
    retired: int = 0
    removed: int = 0
    unchanged: int = 0

    @classmethod
    def of(cls, tally: Tally, *, retired: int = 0) -> "Diff":
        """The same as a diff, with the rows that were retired besides."""
        return cls(tally.created, tally.changed, retired, tally.removed, tally.unchanged)

    @property
    def present(self) -> int:
        """How many rows the import wanted there, and now are."""
        return self.created + self.changed + self.unchanged

    @property
    def is_empty(self) -> bool:
        """Whether the table is as it was."""
        return not (self.created or self.changed or self.retired or self.removed)


@dataclass(frozen=True, slots=True)
class Report:
    """The diff of every table the import looked at, and notes on what was not there to look at."""

    tables: dict[str, Diff] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the import changed nothing."""
        return all(diff.is_empty for diff in self.tables.values())

    def __str__(self) -> str:
        heads = [column.name for column in fields(Diff)]
        lines = [f"{'table':<24}" + "".join(f"{head:>11}" for head in heads)]
        lines += [f"{table:<24}" + "".join(f"{n:>11,}" for n in astuple(diff)) for table, diff in self.tables.items()]
        return "\n".join([*lines, *self.notes, *(["Nothing changed."] if self.is_empty else [])])
