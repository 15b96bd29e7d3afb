"""Django's PostgreSQL backend with two savings that every request feels: health checks and prepared reads."""
