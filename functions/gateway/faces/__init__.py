"""What the gateway asks of recognize: it has no model itself."""
