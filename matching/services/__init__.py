"""What changes matches, verdicts and weights."""
