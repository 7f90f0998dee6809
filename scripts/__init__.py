"""The scripts behind the forms: they edit the index's pages and propose the change for review."""
