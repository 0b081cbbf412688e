"""Webhooks: what other systems are told, and what became of it."""
