"""The `regulars` command line: what an operator does by hand."""
