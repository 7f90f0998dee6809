"""The pages of the index as text: read, edited in place, rendered. Pure: text in, text out."""
