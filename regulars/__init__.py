"""The shared library: what the product knows, whoever runs it."""
