"""What the recognize function does with one manifest: from its key to a sighting, a visit and a known face."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from regulars.clock import utc_now
from regulars.domain.matching import STAFF_FACTOR, Decision, decide, decide_with_staff
from regulars.domain.tracks import TrackKey, TrackManifest, parse_manifest_key
from regulars.errors import DependencyAway, InputRefused, RegularsError
from regulars.ports import ObjectStore, VectorIndex
from regulars.steps.drop_shots import drop_shots
from regulars.steps.end_track import end_track
from regulars.steps.heed_objections import heed_objections, objector_galleries
from regulars.steps.held_galleries import HeldGalleries
from regulars.steps.index_templates import collection_of, index_templates, repair_index
from regulars.steps.look_at_picture import FindsFaces
from regulars.steps.put_visit import Books
from regulars.steps.read_track import ShotPicture, ShotRefused, read_manifest, read_shots
from regulars.steps.record_sighting import Recorded, SeenTrack, record
from regulars.steps.rest_after_failure import RestAfterFailure
from regulars.steps.search_gallery import IndexLost, Proposal, bars_of, propose, ranked_people
from regulars.steps.stood_beside import stood_beside
from regulars.steps.weigh_evidence import FacePack, weigh
from regulars.store.session import Connection, Engine, transaction
from regulars.store.set_aside import resolve, set_aside
from regulars.store.sightings import Sighting, find_sighting
from regulars.store.staff import active_staff, staff_among_customers
from regulars.store.templates import Gallery, lock_gallery
from regulars.store.tenants import Site, Tenant, camera_place, find_site, find_tenant
from regulars.store.visits import ensure_month
from regulars.tenancy import PLATFORM, Tenancy

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of one key. `reason` says why it was set aside; `sighting` is there otherwise."""

    key: str
    result: Literal["recognized", "already", "set_aside"]
    reason: str = ""
    sighting: Sighting | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    tenant: Tenant
    site: Site
    recognition: bool


@dataclass(frozen=True, kw_only=True)
class Recognizer:
    """All that recognizing needs; used by many threads at once.

    Reading, embedding and searching happen outside of any lock; what is decided and written is one transaction under
    the gallery's lock; the index follows after its commit. This is why the step opens its transactions itself.
    """

    engine: Engine
    objects: ObjectStore
    vectors: VectorIndex
    pack: FacePack
    detector: FindsFaces
    """Only photographs need it: a track's faces were found by its worker."""
    wanted_fpir: float
    clock: Callable[[], datetime] = utc_now
    embedding_slots: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(2))
    """So many tracks are decoded and embedded at a time; the others wait."""
    repairing: threading.Lock = field(default_factory=threading.Lock)
    held: HeldGalleries = field(default_factory=HeldGalleries)
    index_rests: RestAfterFailure = field(default_factory=RestAfterFailure)
    before_index: Callable[[], None] = lambda: None

    def handle(self, key: str) -> Handled:
        """Recognize a track, or set it aside with the reason. Doing it again is harmless.

        Raises DependencyAway when PostgreSQL, the object store or the index does not answer: then nothing was decided.
        """
        try:
            return self.recognize(key)
        except InputRefused as refusal:
            return self._set_aside(key, refusal.reason, refusal.detail)
        except RegularsError:
            raise
        except Exception as failure:  # noqa: BLE001 - a sender would repeat it for ever; set aside, it is seen
            _log.exception("a defect in recognize")
            return self._set_aside(key, "internal", f"{type(failure).__name__} in recognize: see its log.")

    def recognize(self, key: str) -> Handled:
        """Recognize the track whose manifest lies at `key`.

        Raises InputRefused for a manifest that cannot be used (reasons: those of `read_track`, `unknown_tenant`,
        `unknown_site`, `unknown_camera`) and DependencyAway.
        """
        ids = parse_manifest_key(key)
        with transaction(self.engine, Tenancy(ids.tenant_id)) as connection:
            place = _find_place(connection, ids)
            done = find_sighting(connection, ids.tenant_id, ids.track_id)
            if done and not done.ongoing:
                resolve(connection, key, self.clock())
        if done:
            return self._again(key, done, place)
        manifest = read_manifest(key, objects=self.objects, now=self.clock())
        with transaction(self.engine, Tenancy(ids.tenant_id)) as connection:
            ensure_month(connection, manifest.started_at)
        seen = self._look(key, manifest, place)
        try:
            recorded = self._decide(seen, place)
        except IndexLost:
            self.repair()
            raise
        if recorded is None:
            return self.recognize(key)
        self._index(recorded)
        self._tidy(recorded.sighting)
        return Handled(key, "recognized", sighting=recorded.sighting)

    def _again(self, key: str, done: Sighting, place: _Place) -> Handled:
        """Return a track that has a sighting; where that was written before the track ended, write how it did."""
        if done.ongoing:
            manifest = read_manifest(key, objects=self.objects, now=self.clock())
            books = Books(place.site, place.tenant.scope_id, self.clock())
            with transaction(self.engine, Tenancy(done.tenant_id, place.tenant.scope_id)) as connection:
                lock_gallery(connection, place.tenant.scope_id)
                found = find_sighting(connection, done.tenant_id, done.track_id)
                done = end_track(connection, found or done, manifest, books)
                resolve(connection, key, self.clock())
        self._tidy(done)
        return Handled(key, "already", sighting=done)

    def _set_aside(self, key: str, reason: str, detail: str) -> Handled:
        shown = _storable(key)
        with transaction(self.engine, PLATFORM) as connection:
            set_aside(connection, _tenant_of(key), shown, reason, _storable(detail), self.clock())
        _log.warning("set aside %s: %s", shown[:200], reason)
        return Handled(key, "set_aside", reason)

    def repair(self) -> None:
        """Bring the index to what PostgreSQL says; one at a time in a process, a second caller does nothing."""
        if not self.repairing.acquire(blocking=False):
            return
        try:
            _log.info("the vector index is compared with PostgreSQL")
            pack, dimension = self.pack.digest, self.pack.dimension
            for written in repair_index(engine=self.engine, vectors=self.vectors, pack=pack, dimension=dimension):
                _log.warning("%d templates written to the index", written)
        finally:
            self.repairing.release()

    def _look(self, key: str, manifest: TrackManifest, place: _Place) -> SeenTrack:
        with self.embedding_slots:
            pictures, refused = self._pictures(manifest, place)
            evidence = weigh(pictures, self.pack, recognition=place.recognition)
        gallery = Gallery(place.tenant.scope_id, "customer", self.pack.digest)
        return SeenTrack(key, manifest, tuple(refused), evidence, place.site, gallery, self.clock())

    def _pictures(self, manifest: TrackManifest, place: _Place) -> tuple[list[ShotPicture], list[ShotRefused]]:
        """Return the shots. Who is only counted is counted without any as well, and stays without a gender."""
        try:
            return read_shots(manifest, objects=self.objects)
        except InputRefused as refusal:
            if place.recognition:
                raise
            return [], [ShotRefused(shot, refusal.reason) for shot in manifest.shots]

    def _tidy(self, sighting: Sighting) -> None:
        """Delete the pictures of who keeps none; when it cannot be done now, `drop_counted_shots` does it."""
        try:
            drop_shots(sighting, engine=self.engine, objects=self.objects)
        except DependencyAway as failure:
            _log.warning("counted, but its pictures are still to be deleted: %s", failure)

    def _decide(self, seen: SeenTrack, place: _Place) -> Recorded | None:
        """Return what was written, or None when another replica was faster with this very track."""
        manifest, vector = seen.manifest, seen.evidence.vector
        tenancy = Tenancy(manifest.tenant_id, place.tenant.scope_id)
        proposals: list[Proposal] = []
        if vector is not None:
            staff = Gallery(manifest.tenant_id, "staff", self.pack.digest)
            galleries = [staff, seen.gallery, *objector_galleries(self.pack.digest, tenancy)]
            proposals = propose(vector, galleries, tenancy, within=self)
        with transaction(self.engine, tenancy) as connection:
            lock_gallery(connection, place.tenant.scope_id)
            if find_sighting(connection, manifest.tenant_id, manifest.track_id):
                return None
            recorded = record(connection, seen, self._who(connection, seen, proposals))
            resolve(connection, seen.key, seen.now)
            return recorded

    def _who(self, connection: Connection, seen: SeenTrack, proposals: list[Proposal]) -> Decision:
        vector = seen.evidence.vector
        if vector is None:
            return seen.evidence.without_vector
        present = active_staff(connection, seen.manifest.tenant_id)
        all_staff, customers, *objectors = ranked_people(connection, vector, proposals)
        staff = [one for one in all_staff if one.subject_id in present]
        of_staff, of_customers, *_ = proposals
        bars = bars_of(of_customers, self.pack, self.wanted_fpir)
        decision = decide(customers, stood_beside(connection, seen.manifest), bars, may_enrol=seen.evidence.may_enrol)
        staff_bars = bars_of(of_staff, self.pack, self.wanted_fpir * STAFF_FACTOR)
        decision = decide_with_staff(staff, staff_bars, customers, decision)
        known_id = decision.subject_id if decision.outcome == "known" else None
        if known_id and (staff_id := staff_among_customers(connection, seen.manifest.tenant_id).get(known_id)):
            decision = Decision("staff", "matched", staff_id)
        return heed_objections(objectors, bars, decision, [*staff, *customers])

    def _index(self, recorded: Recorded) -> None:
        """Let the index follow; when it cannot now, `index_pending` does it later, and nobody is missed until then."""
        if not self.index_rests.is_over:
            return
        try:
            index_templates(recorded.added, engine=self.engine, vectors=self.vectors)
            if recorded.removed:
                self.vectors.delete(collection_of(self.pack.digest), recorded.removed)
        except DependencyAway as failure:
            self.index_rests.begin()
            _log.warning("committed, but the index has not followed yet: %s", failure)


def _find_place(connection: Connection, ids: TrackKey) -> _Place:
    tenant = find_tenant(connection, ids.tenant_id)
    if tenant is None:
        raise InputRefused("unknown_tenant", "There is no tenant of that id.")
    site = find_site(connection, ids.tenant_id, ids.site_id)
    if site is None:
        raise InputRefused("unknown_site", "The tenant has no site of that id.")
    camera = camera_place(connection, ids.tenant_id, ids.camera_id)
    if camera is None or camera.site_id != ids.site_id:
        raise InputRefused("unknown_camera", "The site has no camera of that id.")
    return _Place(tenant, site, camera.recognition and tenant.recognition)


def _tenant_of(key: str) -> UUID | None:
    try:
        return parse_manifest_key(key).tenant_id
    except InputRefused:
        return None


def _storable(text: str) -> str:
    """Return a text from outside without what PostgreSQL refuses (NUL, lone surrogates) or a terminal obeys."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
