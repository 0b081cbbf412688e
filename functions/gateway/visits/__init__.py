"""Visits: the list, and the face of one while it is kept."""
