"""What the product does: one verb per file, called by entry points with the ports it needs."""
