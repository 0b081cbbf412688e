"""Finds whom a picture shows among the customers of one chain: for a person's own rights, and for staff's likeness."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from regulars.domain.faces import FloatArray
from regulars.domain.matching import Bars, Ranked
from regulars.errors import NotFound
from regulars.steps.look_at_picture import look_at_picture
from regulars.steps.recognize import Recognizer
from regulars.steps.search_gallery import IndexLost, bars_of, propose, ranked_people
from regulars.store.people import customers_known
from regulars.store.session import transaction
from regulars.store.templates import Gallery
from regulars.store.tenants import Tenant, find_tenant
from regulars.tenancy import Tenancy

Likeness = Literal["match", "possible"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A customer of the chain who it may be. `sure` says the match is fit to act on without asking anybody."""

    customer_id: UUID
    verdict: Likeness
    sure: bool


def search_by_picture(content: bytes, tenant_id: UUID, recognizer: Recognizer) -> list[Candidate]:
    """Return whom of the chain's customers the picture may show, best first, at most ten.

    `match`: recognize would take them for that customer; `possible`: it would not decide. Nothing is stored or logged.
    Raises NotFound for a tenant that is none, InputRefused like `look_at_picture`, DependencyAway.
    """
    with transaction(recognizer.engine, Tenancy(tenant_id)) as connection:
        tenant = find_tenant(connection, tenant_id)
    if tenant is None:
        raise NotFound("There is no such tenant.")
    with recognizer.embedding_slots:
        look = look_at_picture(content, recognizer.detector)
        [vector] = recognizer.pack.embedder.embed([look.crop])
    return customers_like(vector, tenant, recognizer)


def customers_like(vector: FloatArray, tenant: Tenant, recognizer: Recognizer) -> list[Candidate]:
    """Return who of the tenant's customers `vector` (float32 [d]) may be, best first. Raises DependencyAway."""
    tenancy = Tenancy(tenant.tenant_id, tenant.scope_id)
    gallery = Gallery(tenant.scope_id, "customer", recognizer.pack.digest)
    try:
        [proposal] = propose(vector, [gallery], tenancy, within=recognizer)
    except IndexLost:
        recognizer.repair()
        raise
    with transaction(recognizer.engine, tenancy) as connection:
        [ranked] = ranked_people(connection, vector, [proposal])
        own = customers_known(connection, tenant.tenant_id, [one.subject_id for one in ranked])
    return _candidates(ranked, own, bars_of(proposal, recognizer.pack, recognizer.wanted_fpir))


def _candidates(ranked: list[Ranked], own: set[UUID], bars: Bars) -> list[Candidate]:
    """Weigh the chain's own customers against everybody who could be meant: a stranger to it may be the likelier."""
    lead = ranked[0].cosine - ranked[1].cosine if len(ranked) > 1 else 2.0
    found: list[Candidate] = []
    for place, one in enumerate(ranked):
        if one.subject_id not in own or one.cosine < bars.grey_cosine:
            continue
        known = place == 0 and one.cosine >= bars.match_cosine and lead >= bars.lead_cosine
        found.append(
            Candidate(one.subject_id, "match" if known else "possible", known and one.cosine >= bars.add_cosine)
        )
    return found
