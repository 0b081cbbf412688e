"""Rollups for analysts: links to a chain's Parquet, and the DuckDB catalogue over it."""
