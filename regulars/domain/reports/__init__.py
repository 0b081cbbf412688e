"""What each figure of a report means, said once; `docs/reports.md` is the same for people."""
