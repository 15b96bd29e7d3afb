"""The tables: every row made, every rule broken, every step of the migrations walked."""
