"""Everything that writes in the consciousness room, by use case."""
