"""Chaos itself: that it hurts, that it sees what is lost, and that nothing is."""
