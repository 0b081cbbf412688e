"""Around a change of the model pack: makes the new pack's templates from kept pictures, lets old ones fade."""

from regulars import wiring
from regulars.chores.shift import Numbers, Shift, chore
from regulars.errors import ModelUnavailable
from regulars.settings import INDEX_NEEDS
from regulars.steps.fade_packs import fade_packs
from regulars.steps.index_templates import collection_of
from regulars.steps.recognize import Recognizer
from regulars.steps.reembed import not_reembedded
from regulars.steps.reembed import reembed as make_anew
from regulars.store.reembedding import packs_held
from regulars.store.session import transaction
from regulars.store.tenants import gallery_scopes
from regulars.tenancy import Tenancy


@chore("database_url", "sealing_keys", "objects_url", *INDEX_NEEDS)
def reembed(shift: Shift, pack: str | None = None) -> Numbers:
    """Make templates of `pack` (the settings' when left out) for whom it does not know; remove packs out of use.

    No model is loaded where no other pack has templates. Where models are not at hand, packs still fade. Raises
    ModelUnavailable for a `pack` that was asked for by name.
    """
    settings = shift.settings.model_copy(update={"pack": pack}) if pack else shift.settings
    digest, _ = wiring.pack_identity(settings)
    numbers = {"customers": 0, "staff": 0, "looks": 0, "faded": 0}
    if _packs(shift) - {digest}:
        try:
            recognizer = wiring.recognizer(settings)
        except ModelUnavailable as missing:
            if pack:
                raise
            shift.say(f"nothing is learned anew here: {missing}")
        else:
            numbers |= _make_anew(shift, recognizer)
        numbers |= {f"{kind}s_left": count for kind, count in not_reembedded(shift.engine, digest).items()}
    used, _ = wiring.pack_identity(shift.settings)
    for gone in fade_packs(engine=shift.engine, vectors=shift.vectors, pack=used, now=shift.now):
        shift.say(f"pack {gone.pack}: out of use, {gone.templates} templates removed")
        numbers["faded"] += gone.templates
    return numbers


def _make_anew(shift: Shift, recognizer: Recognizer) -> Numbers:
    numbers = {"customers": 0, "staff": 0, "looks": 0}
    try:
        recognizer.vectors.ensure(collection_of(recognizer.pack.digest), recognizer.pack.dimension)
        for done in make_anew(recognizer, shift.now):
            shift.say(
                f"chain {done.tenant_id}: {done.customers} customers and {done.staff} staff learned anew, "
                f"{done.looks} looks"
            )
            for name in numbers:
                numbers[name] += getattr(done, name)
    finally:
        recognizer.engine.dispose()
    return numbers


def _packs(shift: Shift) -> set[str]:
    held: set[str] = set()
    for scope_id in gallery_scopes(shift.tenants()):
        with transaction(shift.engine, Tenancy(None, scope_id)) as connection:
            held |= packs_held(connection, scope_id)
    return held
