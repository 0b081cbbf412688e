"""Every five minutes: tells recognize again of manifests in the object store that nothing came of."""

from datetime import date, timedelta

from regulars.chores.shift import Numbers, Shift, chore, in_order
from regulars.steps.going_on import GoingOn
from regulars.steps.lost_tracks import find_lost_tracks
from regulars.wiring import recognize_calls


@chore("database_url", "objects_url", "recognize_url", "events_token")
def reconcile_tracks(
    shift: Shift, since: date | None = None, until: date | None = None, tenant: str | None = None
) -> Numbers:
    """Tell recognize of tracks without a sighting: of yesterday and today, and of recorded footage's own days.

    `since` and `until` are days (UTC, both included); `tenant` is a chain's name or id, all when left out.
    Raises InputRefused for a last day before the first, DependencyAway, for single tracks after all others.
    """
    recognize, going_on = recognize_calls(shift.settings), GoingOn()
    today = shift.now.date()
    since_day, until_day = in_order(since or today - timedelta(days=1), until or today)
    numbers = {"manifests": 0, "told": 0, "set_aside": 0}
    for found in find_lost_tracks(
        engine=shift.engine,
        objects=shift.objects,
        now=shift.now,
        since=since_day,
        until=until_day,
        tenant_name=tenant,
        recorded_too=since is None,
    ):
        answers: list[bool] = []
        for key in found.keys:
            with going_on.piece():
                answers.append(recognize.tell(key))
        recognized = sum(answers)
        numbers["manifests"] += found.manifests
        numbers["told"] += len(answers)
        numbers["set_aside"] += len(answers) - recognized
        if found.keys:
            shift.say(
                f"camera {found.place.camera_id}, {found.day}: {found.manifests} tracks, {len(found.keys)} without a "
                f"sighting, {recognized} recognized now, {len(answers) - recognized} set aside, "
                f"{len(found.keys) - len(answers)} not answered"
            )
    going_on.end()
    return numbers
