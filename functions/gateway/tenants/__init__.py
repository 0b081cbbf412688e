"""The chains, as the platform's operator runs them."""
