"""Customers put right: looks, merges and their proposals, splits, corrections and undoing them."""
