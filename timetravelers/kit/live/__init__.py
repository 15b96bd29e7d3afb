"""The live protocol's common ground: frames, close codes, tickets, doorbells, and the base consumer."""
