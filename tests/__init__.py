"""The tests, laid out as `scripts/` is, and the servers that they run against."""
