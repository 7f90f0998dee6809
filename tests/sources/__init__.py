"""Tests of the git edge."""
