"""Tests of the GitHub edge."""
