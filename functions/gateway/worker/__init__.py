"""Routes for workers: leases of cameras, links for finished tracks."""
