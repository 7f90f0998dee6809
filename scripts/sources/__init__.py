"""The git edge: repositories, their tags and commits, and a project's own metadata at a commit."""
