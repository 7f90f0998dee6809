"""The GitHub edge: the default branch as an index, pull requests, annotations and job summaries."""
