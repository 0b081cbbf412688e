"""Run when the object store says that a track was written: event in, visit out."""
