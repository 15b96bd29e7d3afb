"""One script for both transports: whatever a phone does over the socket or by polls, the contract is the same."""
