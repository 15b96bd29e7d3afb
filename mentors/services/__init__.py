"""Writes of the mentors room, a module a use case."""
