"""Cameras: what each is, whether it should run, what it does."""
