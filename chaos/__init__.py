"""Conversations by the thousand on a house that is hurt on purpose: nothing may be lost, and nothing come twice."""
