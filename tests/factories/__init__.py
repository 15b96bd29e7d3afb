"""Rows for tests, made directly; each factory gives a whole valid row, and a test names what it is about."""
