"""Looking for a customer by what people say of them; shared by the lists of customers and of visits."""

import re

from sqlalchemy import ColumnElement, Text, cast, func, or_

from regulars.domain.handles import HANDLE_LETTERS
from regulars.store.paging import mentions
from regulars.store.tables import customers

_FEWEST_DIGITS = 3


def names_somebody(q: str) -> ColumnElement[bool]:
    """Return the condition that a customer's name, phone or handle contains `q`.

    Of a phone only the digits count, and neither the first zero nor the country's code in its place.
    """
    handle = func.right(cast(customers.c.customer_id, Text), HANDLE_LETTERS)
    found = mentions(q, customers.c.name, customers.c.phone, handle)
    digits = re.sub(r"\D", "", q).removeprefix("0")
    if len(digits) < _FEWEST_DIGITS:
        return found
    return or_(found, func.strpos(func.regexp_replace(customers.c.phone, r"\D", "", "g"), digits) > 0)
