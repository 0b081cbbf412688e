"""Figures: sums that need no face and no name."""
