"""What the night shift does: one chore per file, run alike by a flow and by the `regulars` command line."""
