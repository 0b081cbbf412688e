"""Reports: every figure of a filter in one answer, or one table of it as a file."""
