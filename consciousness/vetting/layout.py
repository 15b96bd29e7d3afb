"""The names of what the looking process leaves in its folder."""

ANSWER, CLEAN, THUMBNAIL = "answer.json", "clean", "thumbnail"
THUMBNAIL_TYPE = "image/webp"
