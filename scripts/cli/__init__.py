"""What the entry points share: arguments, the index they work on, and how a run starts and ends."""
