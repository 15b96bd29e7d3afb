"""Live talk, measured: the recipe the house is compared with, and what drives both."""
