"""Tests of the workflows: their rules, and every form pressed for real against the GitHub test server."""
