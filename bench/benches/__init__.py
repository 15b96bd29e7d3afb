"""One module a bench, each with its Bench as BENCH; a new module is found by its being here."""
