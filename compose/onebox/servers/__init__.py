"""Embedded servers of the onebox and of the tests: one file per technology, all on 127.0.0.1."""
