"""A stolen index: what Milvus holds meets no face from elsewhere, and recognizing is as sure as without turning."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import numpy as np
import pymilvus
import pytest

from compose.onebox.servers.milvus_lite import MilvusLiteServer
from regulars.adapters.vectors_milvus import MilvusVectorIndex
from regulars.errors import ConfigurationRefused, DependencyAway
from regulars.ids import new_id
from regulars.ports import IndexEntry
from regulars.steps.index_templates import collection_of, reindex, repair_index
from regulars.steps.recognize import Recognizer
from tests.fake_pack import DIMENSION, vector_of
from tests.shop import Shop, at
from tests.turned import ROTATION_SECRET, turned_index
from tests.visits_seen import people, visits_of

PEOPLE = 60
ANOTHER_SECRET = ROTATION_SECRET[::-1]
LEAST_LIKE = 0.33
"""The lowest cosine at which the fake pack's thresholds see a likeness at all."""


@pytest.fixture
def collection(milvus_server: MilvusLiteServer) -> Iterator[str]:
    name = f"turned_{new_id().hex}"
    yield name
    turned_index(milvus_server.url).drop(name)


def test_scores_are_the_same_and_a_probe_that_is_not_turned_finds_nobody(
    milvus_server: MilvusLiteServer, collection: str
) -> None:
    scope_id, plain = new_id(), MilvusVectorIndex(milvus_server.url)
    entries = [IndexEntry(new_id(), scope_id, "customer", new_id(), vector_of(one)) for one in range(PEOPLE)]
    probes = np.stack([vector_of(one, 80) for one in range(PEOPLE)])
    turned = turned_index(milvus_server.url)
    turned.ensure(collection, DIMENSION)
    turned.upsert(collection, entries)
    plain.ensure(beside := f"plain_{collection}", DIMENSION)
    plain.upsert(beside, entries)
    as_turned = turned.search(collection, scope_id, "customer", probes, 10)
    as_plain = plain.search(beside, scope_id, "customer", probes, 10)
    plain.drop(beside)
    for one, other in zip(as_turned, as_plain, strict=True):
        assert [hit.template_id for hit in one] == [hit.template_id for hit in other]
        assert [hit.cosine for hit in one] == pytest.approx([hit.cosine for hit in other], abs=1e-5)
    [stolen] = [name for name in plain.collections() if name.startswith(collection)]
    for hits in plain.search(stolen, scope_id, "customer", probes, 1):
        assert hits[0].cosine < LEAST_LIKE


def test_another_secret_is_one_command_and_until_then_nothing_is_decided(
    shop: Shop, recognizer_alone: Recognizer, milvus_server: MilvusLiteServer
) -> None:
    before = recognizer_alone
    before.handle(shop.walk_in(1, at(0)))
    renewed = replace(before, vectors=turned_index(milvus_server.url, ANOTHER_SECRET))
    parts: dict[str, Any] = {"engine": shop.engine, "vectors": renewed.vectors, "pack": before.pack.digest}
    parts["dimension"] = before.pack.dimension
    again = shop.walk_in(1, at(90))
    with pytest.raises(DependencyAway, match="reindex"):
        renewed.handle(again)
    with pytest.raises(ConfigurationRefused, match="reindex"):
        list(repair_index(**parts))
    old = _names(milvus_server, before)
    assert list(reindex(**parts)) == [1]
    assert not set(old) & set(_names(milvus_server, before))
    assert renewed.handle(again).result == "recognized"
    assert people(shop) == 1
    assert [visit.status for visit in visits_of(shop)] == ["new", "returning"]


def _names(server: MilvusLiteServer, recognizer: Recognizer) -> list[str]:
    client = cast("Callable[..., Any]", pymilvus.MilvusClient)(server.url, dedicated=True)
    held = [one for one in client.list_collections() if one.startswith(collection_of(recognizer.pack.digest))]
    client.close()
    return held
