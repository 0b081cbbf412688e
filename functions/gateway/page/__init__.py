"""The plain live page, until the portal is there."""
