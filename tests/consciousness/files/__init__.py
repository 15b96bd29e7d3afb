"""Files: what comes in, what is refused, and what becomes of the rest."""
