"""How long things take. `python -m tests.bench [SUBJECT …]`, or `make bench`; one module a subject."""
