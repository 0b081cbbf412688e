"""Makes somebody known as staff from a folder of photographs at once, for the launcher: `./run count --staff`."""

from collections.abc import Sequence
from dataclasses import dataclass

from regulars.errors import InputRefused, RegularsError
from regulars.ids import new_id
from regulars.steps.know_staff import (
    LEAST_PHOTOGRAPHS,
    MOST_PHOTOGRAPHS,
    KeptPhotograph,
    apart,
    follow_index,
    forget_uploads,
    prepare_photograph,
    seen_as_customer,
    write_known,
)
from regulars.steps.recognize import Recognizer
from regulars.store.audit import AuditEntry, record
from regulars.store.session import transaction
from regulars.store.staff import Member, add_staff, member_by_name, photographs_of
from regulars.store.templates import lock_gallery
from regulars.store.tenants import Tenant
from regulars.tenancy import Tenancy


@dataclass(frozen=True, slots=True)
class Photograph:
    """A picture file and the name to call it by when it cannot be used."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class EnrolledStaff:
    """Who was enrolled, from how many photographs, and which were of no use: (name, reason code, sentence)."""

    member: Member
    photographs: int
    refused: tuple[tuple[str, str, str], ...]


def enroll_staff(
    name: str, photographs: Sequence[Photograph], *, tenant: Tenant, recognizer: Recognizer
) -> EnrolledStaff:
    """Enrol the tenant's staff member `name`; done again, also after a failure, the new photographs replace the old.

    Raises InputRefused `too_few_photographs` when fewer than two show exactly one face well enough, with a sentence
    for each that does not, `different_people` when they are not of one person, and DependencyAway.
    """
    tenancy, now = Tenancy(tenant.tenant_id, tenant.scope_id), recognizer.clock()
    with transaction(recognizer.engine, tenancy) as connection:
        found = member_by_name(connection, tenant.tenant_id, name)
    member = found.member if found else Member(tenant.tenant_id, new_id(), name, "unknown", active=True, created_at=now)
    named, refused = _judge(photographs, member, recognizer)
    _refuse_too_few(name, photographs, len(named), refused)
    kept = [one for _, one in sorted(named, key=lambda each: -each[1].photograph.quality)[:MOST_PHOTOGRAPHS]]
    vectors = recognizer.pack.embedder.embed([one.look.crop for one in kept])
    for row, one in enumerate(kept):
        if apart(vectors, row, recognizer.pack):
            file = next(file for file, each in named if each is one)
            raise InputRefused("different_people", f"The photographs of {name} show different people: see {file}.")
    seen_as = seen_as_customer(vectors, tenant, recognizer)
    try:
        with transaction(recognizer.engine, tenancy) as connection:
            lock_gallery(connection, tenant.tenant_id)
            if found is None:
                add_staff(connection, member)
            held = photographs_of(connection, tenant.tenant_id, member.staff_id)
            changed = write_known(connection, member, kept, vectors, seen_as, recognizer)
            subject = str(member.staff_id)
            record(connection, AuditEntry(tenant.tenant_id, "platform", "staff.enrolled", "staff", subject, {}, now))
            recognizer.objects.delete([one.key for one in held])
    except RegularsError:
        forget_uploads(kept, recognizer)
        raise
    follow_index(changed, recognizer)
    return EnrolledStaff(member, len(kept), tuple(refused))


def _judge(
    photographs: Sequence[Photograph], member: Member, recognizer: Recognizer
) -> tuple[list[tuple[str, KeptPhotograph]], list[tuple[str, str, str]]]:
    good: list[tuple[str, KeptPhotograph]] = []
    refused: list[tuple[str, str, str]] = []
    for one in photographs:
        try:
            prepared = prepare_photograph(one.content, member, recognizer.detector, recognizer.clock())
            good.append((one.name, prepared))
        except InputRefused as refusal:
            refused.append((one.name, refusal.reason, refusal.detail))
    return good, refused


def _refuse_too_few(
    name: str, photographs: Sequence[Photograph], good: int, refused: Sequence[tuple[str, str, str]]
) -> None:
    if good < LEAST_PHOTOGRAPHS:
        why = " ".join(f"{photograph}: {sentence}" for photograph, _, sentence in refused)
        raise InputRefused(
            "too_few_photographs",
            f"{name} needs at least {LEAST_PHOTOGRAPHS} photographs with exactly one face that is seen well; "
            f"{good} of {len(photographs)} are. {why}".strip(),
        )
