"""Code that runs by the clock: one Prefect flow per file."""
