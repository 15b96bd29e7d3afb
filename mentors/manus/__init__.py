"""The Manus API v2 as this project speaks it: client, webhook signatures, turn judging and the simulator."""
