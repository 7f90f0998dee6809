"""The published site in the hands of the real installers."""
