"""The context of a call, as a pure function of what may be told."""
