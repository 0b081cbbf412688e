"""Every figure told to Prometheus, by runtime: each runtime's own tests hold its running process to this."""

from prometheus_client.parser import text_string_to_metric_families

_HTTP = {"regulars_http_request_seconds", "regulars_http_answers_open", "regulars_dependency_up"}
FIGURES = {
    "gateway": {
        *_HTTP,
        "regulars_cameras",
        "regulars_outbox_oldest_seconds",
        "regulars_outbox_waiting",
        "regulars_set_aside",
        "regulars_tracks_lost",
        "regulars_cameras_wanted",
        "regulars_cameras_leased",
        "regulars_tracks_spooled",
    },
    "recognize": {*_HTTP, "regulars_faces_lost", "regulars_tracks_handled"},
    "worker": {
        "regulars_worker_cameras",
        "regulars_worker_capacity",
        "regulars_worker_crossings",
        "regulars_worker_frames",
        "regulars_worker_lease_seconds",
        "regulars_worker_spool_bytes",
        "regulars_worker_spool_max_bytes",
        "regulars_worker_spool_oldest_seconds",
        "regulars_worker_spool_tracks",
        "regulars_worker_tracks",
    },
    "flows": {"regulars_flow_failed_runs", "regulars_flow_succeeded_timestamp_seconds"},
}


def families(text: str) -> set[str]:
    """Return the names of the figures in what /metrics answered."""
    return {family.name for family in text_string_to_metric_families(text) if not family.name.endswith("_created")}


def value_of(text: str, name: str, **labels: str) -> float:
    """Return one sample. Raises ValueError when there is not exactly one."""
    [found] = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and sample.labels == labels
    ]
    return found
