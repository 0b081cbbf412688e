"""Saved reports: named filters that are made by the clock or when asked for, kept in the portal and mailed."""
