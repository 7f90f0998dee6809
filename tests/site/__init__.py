"""Pointer sdists: as bytes, as a backend, and in the hands of real installers."""
