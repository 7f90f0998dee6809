"""Servers that stand in for the outside world in tests: a forge, and git over http."""
