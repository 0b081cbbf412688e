"""The audit log, as owners and the operator read it."""
