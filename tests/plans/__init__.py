"""How the database goes about what is asked of it when the tables are large."""
