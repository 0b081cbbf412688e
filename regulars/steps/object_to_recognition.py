"""A person's right to object: they are erased, and their looks stay for one purpose, that they are never enrolled.

Recognizing somebody who objected is the one way not to keep them: their next track is counted, as nobody, without
pictures. There is no way to know a face that nobody ever saw, so who objects was a customer first.
"""

from dataclasses import replace
from uuid import UUID

from regulars.domain.erasure import digest_of
from regulars.errors import InputRefused, NotFound
from regulars.ids import new_id
from regulars.steps.change_hands import By
from regulars.steps.erase_person import erase_person
from regulars.store.audit import AuditEntry, record
from regulars.store.erasing import ids_of_person
from regulars.store.erasures import Erasure, add_erasure
from regulars.store.objections import Objection, add_objection, find_objection, remove_objection
from regulars.store.session import Connection
from regulars.store.template_changes import templates_of_customers
from regulars.store.templates import add_template, lock_gallery


def object_to_recognition(
    connection: Connection, customer_id: UUID, how: str, *, by: By, whole: bool = False
) -> tuple[Objection, Erasure]:
    """Erase the customer as `erase_person` does, and keep their looks as those of somebody who objected.

    `whole`: in every chain of the gallery, otherwise at this chain. Takes the locks of the gallery and of the chain.
    Raises NotFound, and InputRefused `no_look` when nothing of their face is known, so that nobody could heed it.
    """
    own = by.tenancy.tenant_id
    lock_gallery(connection, by.scope_id)
    looks = templates_of_customers(connection, by.scope_id, ids_of_person(connection, by.scope_id, customer_id))
    erasure = erase_person(connection, customer_id, by=by, whole=whole)
    if not looks:
        raise InputRefused("no_look", "Nothing is known of this face, so nobody could heed it; erase them instead.")
    scope_id = by.scope_id if whole or own is None else own
    objection = Objection(scope_id, new_id(), own, how, by.actor, by.now)
    lock_gallery(connection, objection.scope_id)
    for look in looks:
        kept = replace(look, template_id=new_id(), scope_id=objection.scope_id, kind="objector", created_at=by.now)
        kept = replace(kept, subject_id=objection.objection_id, track_id=None, tenant_id=own or look.tenant_id)
        add_template(connection, kept)
    add_objection(connection, objection)
    subject = ("objection", str(objection.objection_id))
    record(connection, AuditEntry(own, by.actor, "person.objected", *subject, {}, by.now))
    return objection, erasure


def withdraw_objection(connection: Connection, objection_id: UUID, *, by: By) -> None:
    """Forget an objection made at this chain with the looks kept for it; from then on the person is a stranger.

    What deletes the looks from the index is in the ledger of erasures. Raises NotFound.
    """
    own = by.tenancy.tenant_id
    found = find_objection(connection, own, objection_id) if own else None
    if own is None or found is None:
        raise NotFound("There is no such objection.")
    lock_gallery(connection, found.scope_id)
    templates = remove_objection(connection, found)
    erasure = Erasure(
        scope_id=by.scope_id,
        erasure_id=new_id(),
        tenant_id=own,
        whole=True,
        subjects=[digest_of(objection_id)],
        actor=by.actor,
        asked_at=by.now,
        state="in_progress",
        work={
            "templates": {pack: [str(one) for one in ids] for pack, ids in templates.items()},
            "subjects": [str(objection_id)],
            "folders": [],
        },
        receipt={"removed": {"face_templates": sum(map(len, templates.values()))}, "verified": []},
    )
    add_erasure(connection, erasure)
    subject = ("objection", str(objection_id))
    record(connection, AuditEntry(own, by.actor, "objection.withdrawn", *subject, {}, by.now))
