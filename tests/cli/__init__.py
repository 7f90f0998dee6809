"""Tests of what the entry points share."""
