"""Two edits of a page, or of an index, brought together by element. Pure, as all of `pages`."""
