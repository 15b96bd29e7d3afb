"""Files: coming in, being looked into, being sent with messages and to the provider, and being deleted for good."""
