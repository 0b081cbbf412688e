"""Between spool and object store: writes one track there, its shots side by side and the manifest last."""

import threading
from uuid import UUID

from realtime_workers.gateway_client import GatewayClient
from realtime_workers.track_record import FinishedTrack
from regulars.domain.cameras import LinksRequest, SignedPut
from regulars.errors import InputRefused


class TrackWriter:
    """Writes tracks one after another; remembers whose shots are there, for the end of an ongoing track."""

    def __init__(self, gateway: GatewayClient) -> None:
        self._gateway = gateway
        self._shots_there = set[UUID]()

    def put(self, track: FinishedTrack) -> None:
        """Write a track: the manifest's presence means that everything it names is there.

        Raises what `GatewayClient` raises, and InputRefused `keys_differ`.
        """
        manifest = track.manifest
        request = LinksRequest(
            camera_id=manifest.camera_id,
            lease_id=manifest.lease_id,
            started_at=manifest.started_at,
            shots=len(track.shots),
        )
        links = self._gateway.links(manifest.track_id, request)
        if [link.key for link in links.shots] != [shot.key for shot in manifest.shots]:
            raise InputRefused("keys_differ", "The gateway's links are for other keys than the manifest names.")
        if manifest.track_id not in self._shots_there:
            self._put_shots(list(zip(links.shots, track.shots, strict=True)))
        self._gateway.put(links.manifest, manifest.model_dump_json().encode())
        if manifest.ongoing:
            self._shots_there.add(manifest.track_id)
        else:
            self._shots_there.discard(manifest.track_id)

    def _put_shots(self, shots: list[tuple[SignedPut, bytes]]) -> None:
        failures: list[Exception] = []

        def put(link: SignedPut, jpeg: bytes) -> None:
            try:
                self._gateway.put(link, jpeg)
            except Exception as failure:  # noqa: BLE001 - raised again below, in the thread that waits
                failures.append(failure)

        # Threads of its own, which a store that hangs cannot keep the process alive with.
        threads = [threading.Thread(target=put, args=shot, name="put-shot", daemon=True) for shot in shots]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
