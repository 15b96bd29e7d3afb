"""Knocking at every door as somebody real, and hearing what is asked of the database."""
