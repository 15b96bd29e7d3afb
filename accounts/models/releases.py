"""Which releases of O*NET were imported."""

from django.db import models


class TaxonomyRelease(models.Model):
    """A release of O*NET as it was imported last, a row a version; the newest row is what the taxonomy holds now.

    `counts` are the release's rows by table. Without a version, it was a folder that did not say its own.
    """

    version = models.CharField(max_length=20, blank=True)
    imported_at = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        ordering = ["-imported_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["version"], name="taxonomy_release_version_once"),
        ]

    def __str__(self) -> str:
        return f"O*NET {self.version}".strip()
