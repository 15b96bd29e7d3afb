"""Tests of the house as a whole: what no single room can see."""
