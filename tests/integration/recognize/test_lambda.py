"""The function on Lambda: of an SQS batch only what failed comes again."""

import json
from dataclasses import replace
from typing import Any

import pytest

from functions.recognize.handler import answer
from regulars.errors import DependencyAway
from regulars.steps.recognize import Handled, Recognizer
from tests.shop import Shop, at
from tests.visits_seen import visits_of


def s3_record(key: str) -> dict[str, Any]:
    return {
        "eventSource": "aws:s3",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": "faces"}, "object": {"key": key}},
    }


def sqs(*bodies: object) -> dict[str, Any]:
    return {
        "Records": [
            {"messageId": f"m{number}", "eventSource": "aws:sqs", "body": json.dumps(body)}
            for number, body in enumerate(bodies)
        ]
    }


def test_an_s3_event_is_recognized(shop: Shop, recognizer: Recognizer) -> None:
    event = {"Records": [s3_record(shop.walk_in(1, at(0)))]}
    assert answer(event, recognizer) == {"handled": 1, "set_aside": 0}
    assert len(visits_of(shop)) == 1


def test_of_a_batch_only_the_failed_messages_are_named(shop: Shop, recognizer: Recognizer) -> None:
    keys = [shop.walk_in(1, at(0)), shop.write(shop.manifest(at(1)), b"junk"), shop.walk_in(2, at(2))]
    event = sqs(*({"Records": [s3_record(key)]} for key in keys), "no event at all")
    assert answer(event, recognizer) == {"batchItemFailures": [{"itemIdentifier": "m3"}]}
    assert len(visits_of(shop)) == 2


class RecognizerAway(Recognizer):
    """A recognizer whose dependencies are all down."""

    def handle(self, key: str) -> Handled:
        raise DependencyAway("away for this test")


def test_when_a_dependency_is_away_the_event_comes_again(shop: Shop, recognizer: Recognizer) -> None:
    away = RecognizerAway(**{name: getattr(recognizer, name) for name in vars(recognizer)})
    key = shop.walk_in(1, at(0))
    assert answer(sqs({"Records": [s3_record(key)]}), away) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    with pytest.raises(DependencyAway):
        answer({"Records": [s3_record(key)]}, away)
    assert answer(sqs({"Records": [s3_record(key)]}), replace(recognizer)) == {"batchItemFailures": []}
