"""What the routes of people's rights take and tell: no vector, no score, and of an erased person no name and no id."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from functions.gateway.listing import Page
from functions.gateway.text import PlainLine, PlainName
from regulars.store.consents import Consent as StoredConsent
from regulars.store.consents import Purpose
from regulars.store.erasures import Erasure as StoredErasure
from regulars.store.objections import Objection as StoredObjection

ErasureSort = Literal["asked_at", "-asked_at"]
ConsentSort = Literal["at", "-at"]
ObjectionSort = ConsentSort


class _Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErasureOrder(_Order):
    """How much is erased: this chain's part, or with a `proof` that find-me gave the person, all of the network's."""

    proof: Annotated[str | None, Field(max_length=1000)] = None


class Verified(BaseModel):
    """One place that was looked through after deleting: how much was `remaining`, when (UTC) and by whom."""

    where: Literal["postgresql", "vectors", "objects"]
    remaining: int
    at: AwareDatetime
    by: str


class ErasureEntry(BaseModel):
    """An erasure. `whole`: the person is gone from the gallery; otherwise other chains know them still.

    `in_progress`: nobody is matched with them any more; what lies outside the database is being deleted.
    """

    erasure_id: UUID
    whole: bool
    state: Literal["in_progress", "done"]
    asked_by: str
    asked_at: AwareDatetime
    finished_at: AwareDatetime | None


class Erasure(ErasureEntry):
    """The receipt of an erasure: how much of each kind was `removed`, and how it was `verified`."""

    removed: dict[str, int]
    verified: list[Verified]


class ErasurePage(Page[ErasureEntry]):
    """Erasures, the newest first unless sorted otherwise."""


class ObjectionOrder(ErasureOrder):
    """`how` somebody objected; with a `proof` it counts in the whole network, otherwise at this chain."""

    how: PlainLine


class Objection(BaseModel):
    """Somebody is not to be recognized; `everywhere`: by no chain of the network."""

    objection_id: UUID
    how: str
    everywhere: bool
    noted_by: str
    at: AwareDatetime


class ObjectionPage(Page[Objection]):
    """Objections made at this chain, the newest first unless sorted otherwise."""


class ConsentGiven(_Order):
    """What somebody has said: to which purpose, given or withdrawn, how, and which text they were shown."""

    purpose: Purpose
    given: bool
    how: PlainLine
    text_version: PlainName


class Consent(ConsentGiven):
    """The same as it was noted, by whom and when (UTC)."""

    consent_id: UUID
    noted_by: str
    at: AwareDatetime


class ConsentPage(Page[Consent]):
    """All that a customer has said, the newest first unless sorted otherwise: the newest of a purpose holds."""


def show_entry(erasure: StoredErasure) -> ErasureEntry:
    """Return a line of the ledger as it is told."""
    return ErasureEntry(
        erasure_id=erasure.erasure_id,
        whole=erasure.whole,
        state=erasure.state,
        asked_by=erasure.actor,
        asked_at=erasure.asked_at,
        finished_at=erasure.finished_at,
    )


def show_erasure(erasure: StoredErasure) -> Erasure:
    """Return the receipt as it is told."""
    verified = [Verified.model_validate(one) for one in erasure.receipt["verified"]]
    return Erasure(**show_entry(erasure).model_dump(), removed=erasure.receipt["removed"], verified=verified)


def show_objection(objection: StoredObjection) -> Objection:
    """Return an objection as it is told."""
    return Objection(
        objection_id=objection.objection_id,
        how=objection.how,
        everywhere=objection.scope_id != objection.tenant_id,
        noted_by=objection.actor,
        at=objection.at,
    )


def show_consent(consent: StoredConsent) -> Consent:
    """Return what was said as it is told."""
    return Consent(
        consent_id=consent.consent_id,
        purpose=consent.purpose,
        given=consent.given,
        how=consent.how,
        text_version=consent.text_version,
        noted_by=consent.actor,
        at=consent.at,
    )
