"""What the live stream tells, and to whom: an open page's queue, from any thread into the page's own loop."""

import asyncio
from dataclasses import dataclass, field
from uuid import UUID

from regulars.domain.cameras import StateName, StateReason
from regulars.store.live import LiveEvent
from regulars.store.site_counts import SiteCounts
from regulars.tenancy import Tenancy

QUEUE_LENGTH = 256


@dataclass(frozen=True, slots=True)
class CameraNews:
    """What a camera does now; `state` None: it was removed. Only the present matters, so it needs no number."""

    camera_id: UUID
    site_id: UUID | None
    state: StateName | None
    reason: StateReason = "none"
    detail: str = ""


News = LiveEvent | CameraNews | SiteCounts


@dataclass(eq=False, slots=True)
class Reader:
    """One open page, told of what `tenancy` may see, and of one site only where `site_id` names one.

    `queue` gives None when this reader was too slow, or the process stops: the stream ends then.
    """

    tenancy: Tenancy
    loop: asyncio.AbstractEventLoop
    site_id: UUID | None = None
    queue: asyncio.Queue[News | None] = field(default_factory=lambda: asyncio.Queue(QUEUE_LENGTH))
    dropped: bool = False

    @property
    def tenant_id(self) -> UUID:
        """Whose news it is: every reader belongs to a tenant."""
        assert self.tenancy.tenant_id is not None  # noqa: S101
        return self.tenancy.tenant_id

    def may_see(self, news: News) -> bool:
        """Say whether this happened where the reader looks; an event without a site is for all of the tenant."""
        if news.site_id is None:
            return isinstance(news, LiveEvent)
        sites = self.tenancy.site_ids
        return (sites is None or news.site_id in sites) and self.site_id in (None, news.site_id)

    def hand(self, news: News | None) -> None:
        """Put into the queue; called in the reader's own loop."""
        if self.dropped:
            return
        if news is None or self.queue.full():
            self.dropped = True
            while not self.queue.empty():
                self.queue.get_nowait()
            news = None
        self.queue.put_nowait(news)
