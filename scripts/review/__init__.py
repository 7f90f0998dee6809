"""Whether pages keep the rules, and whether what was reviewed is still true. Pure: texts in, findings out."""
