"""Rows as records: a dataclass whose fields are named as the columns are."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Record = TypeVar("Record", bound="DataclassInstance")


def record_of(kind: type[Record], row: Mapping[Any, Any], **instead: Any) -> Record:
    """Return the `kind` that a row holds, which may have other columns too; `instead` of the row's values, these."""
    values: dict[str, Any] = {name: row[name] for name in kind.__dataclass_fields__ if name not in instead}
    return kind(**values, **instead)
