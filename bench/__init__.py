"""How fast the house is: pairs of the same work, side by side in one run."""
