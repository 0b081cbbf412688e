"""The deployment keys of the tests, and what PostgreSQL's connections seal faces with."""

from regulars.store.data_keys import DataKeys

SEALING_KEYS = "b2YtdGhlLXRlc3RzLWFuZC1vZi1ub2JvZHktZWxzZSE="
DATA_KEYS = DataKeys(SEALING_KEYS)
