"""Records made installable by every tool: pointer sdists and what stands beside them. Pure: text in, bytes out."""
