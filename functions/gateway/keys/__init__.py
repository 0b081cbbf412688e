"""API keys: of workers, tills and scripts; made, rotated and revoked by a chain's owner or the platform's operator."""
