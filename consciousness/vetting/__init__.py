"""Looking into files of strangers: what they are, whether they are harmless, and what can be read in them.

All that touches the bytes runs in a process of its own (`__main__`), which may use little time and memory and reach
nothing; `running` starts it. Nothing in here knows Django or a database.
"""
