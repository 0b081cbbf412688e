"""Beside the events: makes the templates that customers made by hand need, from pictures that are still kept."""

import logging

from regulars.errors import InputRefused
from regulars.ids import new_id
from regulars.steps.index_templates import index_templates
from regulars.steps.read_track import read_manifest, read_shots
from regulars.steps.recognize import Recognizer
from regulars.steps.weigh_evidence import Evidence, weigh
from regulars.store.session import transaction
from regulars.store.template_changes import LookWanted, looks_wanted_in, want_no_more
from regulars.store.templates import StoredTemplate, add_template, lock_gallery
from regulars.store.tenants import gallery_scopes, list_tenants
from regulars.tenancy import PLATFORM, Tenancy

_log = logging.getLogger(__name__)


def make_looks(recognizer: Recognizer) -> int:
    """Make every template that a correction asked for; return how many. What cannot be made is asked for no more.

    Raises DependencyAway; what was made before it stays made.
    """
    with transaction(recognizer.engine, PLATFORM) as connection:
        scopes = gallery_scopes(list_tenants(connection))
    made = 0
    for scope_id in scopes:
        with transaction(recognizer.engine, Tenancy(None, scope_id)) as connection:
            wanted = looks_wanted_in(connection, scope_id)
        for one in wanted:
            made += _make(recognizer, one)
    return made


def _make(recognizer: Recognizer, wanted: LookWanted) -> bool:
    evidence = _evidence(recognizer, wanted)
    template = None if evidence is None else _template(recognizer, wanted, evidence)
    with transaction(recognizer.engine, Tenancy(None, wanted.scope_id)) as connection:
        lock_gallery(connection, wanted.scope_id)
        still = wanted in looks_wanted_in(connection, wanted.scope_id)
        want_no_more(connection, wanted.scope_id, wanted.customer_id, wanted.track_id)
        if template is None or not still:
            return False
        add_template(connection, template)
    index_templates([template], engine=recognizer.engine, vectors=recognizer.vectors)
    return True


def _evidence(recognizer: Recognizer, wanted: LookWanted) -> Evidence | None:
    """Return what the track's pictures say, or None when they are gone."""
    try:
        manifest = read_manifest(wanted.manifest_key, objects=recognizer.objects, now=recognizer.clock())
        with recognizer.embedding_slots:
            pictures, _ = read_shots(manifest, objects=recognizer.objects)
            return weigh(pictures, recognizer.pack, recognition=True)
    except InputRefused as refusal:
        _log.warning("no look can be made of track %s: %s", wanted.track_id, refusal.reason)
        return None


def _template(recognizer: Recognizer, wanted: LookWanted, evidence: Evidence) -> StoredTemplate | None:
    if evidence.vector is None or not evidence.may_enrol:
        return None
    return StoredTemplate(
        template_id=new_id(),
        scope_id=wanted.scope_id,
        tenant_id=wanted.tenant_id,
        kind="customer",
        subject_id=wanted.customer_id,
        pack=recognizer.pack.digest,
        vector=evidence.vector,
        quality=evidence.quality,
        track_id=wanted.track_id,
        created_at=recognizer.clock(),
    )
