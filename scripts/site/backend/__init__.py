"""The build backends inside pointer sdists, one file a version. A published one never changes."""
