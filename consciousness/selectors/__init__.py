"""Reading sessions: for the phone, and for the provider."""
