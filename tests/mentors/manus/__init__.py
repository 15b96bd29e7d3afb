"""Tests of the Manus client, the webhook signatures, the turn judge and the simulator."""
