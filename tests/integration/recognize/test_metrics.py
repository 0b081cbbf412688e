"""What recognize tells Prometheus: what became of tracks, by outcome and reason, and which dependencies answer."""

from dataclasses import replace

from functions.recognize.caretaker import Caretaker
from functions.recognize.metrics import RecognizeFigures
from functions.recognize.readiness import dependencies
from regulars.metrics import may_read
from regulars.steps.recognize import Recognizer
from tests.figures_told import FIGURES, families
from tests.shop import Shop, at
from tests.waiting import wait_for


def test_tracks_are_counted_once_by_what_became_of_them(shop: Shop, recognizer: Recognizer) -> None:
    compared = Caretaker(recognizer, every_s=0).refuse_before_check
    figures = RecognizeFigures(dependencies(replace(recognizer, before_index=compared)))
    known, bad = shop.walk_in(7, at(0)), shop.write(shop.manifest(at(1)), b"junk")
    for key in (known, known, bad):
        figures.handled(recognizer.handle(key))
    up = 'regulars_dependency_up{dependency="vectors"} 1.0'
    wait_for(lambda: up in figures.meter.text().decode(), "the index was told to answer")
    told = figures.meter.text().decode()
    assert families(told) == FIGURES["recognize"]
    assert 'regulars_tracks_handled_total{outcome="new"} 1.0' in told
    assert told.count("regulars_tracks_handled_total{") == 2
    assert 'regulars_tracks_handled_total{outcome="set_aside:' in told
    assert 'regulars_dependency_up{dependency="index"} 0.0' in told
    assert str(shop.tenant.tenant_id) not in told


def test_without_a_token_nobody_reads_them() -> None:
    assert may_read("of-prometheus", "Bearer of-prometheus")
    assert not may_read("of-prometheus", "Bearer ")
    assert not may_read("", "Bearer ")
