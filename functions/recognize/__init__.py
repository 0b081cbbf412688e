"""Event in, visit out: called by the object store for every finished track."""
