"""What watches an installation: rules and dashboards are well formed, and each figure that they name is told.

There is no promtool here, so expressions are read by names, brackets and functions only, not by Prometheus itself.
"""

import json
import re
from typing import Any

import yaml

from tests.conftest import CHECKOUT
from tests.figures_told import FIGURES
from tests.infra.compose_files import COMPOSE
from tests.infra.kubernetes_files import named, rendered, selects
from tests.infra.test_compose import SERVICES, told

FOLDER = COMPOSE / "monitoring"
PROMETHEUS = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"] for rule in group["rules"]
]
DASHBOARDS = [json.loads(file.read_text()) for file in sorted((FOLDER / "grafana" / "dashboards").glob("*.json"))]
PANELS = [panel for board in DASHBOARDS for panel in board["panels"]]
EXPRESSIONS = [rule["expr"] for rule in RULES] + [target["expr"] for panel in PANELS for target in panel["targets"]]
FUNCTIONS = {"sum", "min", "max", "rate", "increase", "absent", "time", "topk", "histogram_quantile"}
WORDS = {"by", "on", "or", "and", "unless", "without"}


def names_in(expression: str) -> set[str]:
    """The figures that an expression names: every word that is no label, no function and no keyword."""
    plain = re.sub(r"\{[^}]*\}|\[[^\]]*\]|\b(by|without|on) \([^)]*\)", "", expression)
    return set(re.findall(r"[a-z_]{2,}", plain)) - FUNCTIONS - WORDS


def told_by_somebody(name: str) -> bool:
    known = {"up", *(figure for told_there in FIGURES.values() for figure in told_there)}
    return name in known or re.sub(r"_(total|count|sum|bucket)$", "", name) in known


def test_every_figure_that_a_rule_or_a_panel_names_is_told() -> None:
    assert {name for one in EXPRESSIONS for name in names_in(one) if not told_by_somebody(name)} == set()
    assert names_in('rate(regulars_nothing_total{what="x"}[5m]) > 0') == {"regulars_nothing_total"}
    used = {re.sub(r"_(total|count|sum|bucket)$", "", name) for one in EXPRESSIONS for name in names_in(one)}
    assert {figure for there in FIGURES.values() for figure in there} <= used, "told, and nobody looks at it"


def test_expressions_are_balanced_and_call_functions_that_there_are() -> None:
    for one in EXPRESSIONS:
        for opens, closes in ("()", "{}", "[]"):
            assert one.count(opens) == one.count(closes), one
        plain = re.sub(r"\{[^}]*\}", "", one)
        assert set(re.findall(r"([a-z_]+)\(", plain)) <= FUNCTIONS, one


def test_each_rule_says_whom_it_calls_and_what_to_do() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES) > 10
    for rule in RULES:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert re.fullmatch(r"\d+[smh]", rule["for"])
        assert rule["labels"]["severity"] in {"page", "look"}
        assert set(rule["annotations"]) == {"summary", "description"}


def test_operations_tells_what_to_do_at_each_alert() -> None:
    page = (CHECKOUT / "docs" / "operations.md").read_text()
    rows = [row.split("|")[1:4] for row in page.partition("## What to watch")[2].splitlines() if row.startswith("| `")]
    alerts = {rule["alert"]: names_in(rule["expr"]) for rule in RULES}
    named = [name for _, column, _ in rows for name in re.findall(r"[A-Z]\w+", column)]
    assert sorted(named) == sorted(alerts)
    for watched, column, then in rows:
        figures = set(re.findall(r"`([a-z_]+)`", watched))
        assert figures
        assert all(told_by_somebody(figure) for figure in figures), watched
        assert any(name.startswith(f) for f in figures for one in re.findall(r"\w+", column) for name in alerts[one])
        assert len(then) > 20, watched


def test_prometheus_asks_each_runtime_where_it_listens() -> None:
    ports = {"gateway": 8080, "recognize": 8090, "worker": 9100, "flows": 9100}
    jobs = {job["job_name"]: job for job in PROMETHEUS["scrape_configs"]}
    assert set(jobs) == set(ports) == set(FIGURES)
    for name, job in jobs.items():
        [looked_up] = job["dns_sd_configs"]
        assert (looked_up["names"], looked_up["type"], looked_up["port"]) == ([name], "A", ports[name])
        assert job["authorization"]["credentials_file"] == "/run/secrets/regulars_metrics_token"
        assert "monitoring" in SERVICES[name]["networks"]
        assert "regulars_metrics_token" in SERVICES[name]["secrets"]
    for name in ("worker", "flows"):
        assert told(name)["REGULARS_FIGURES_LISTEN"] == f"0.0.0.0:{ports[name]}"
    assert PROMETHEUS["rule_files"] == ["/etc/prometheus/alerts.yaml"]


def test_a_cluster_calls_its_jobs_by_the_names_that_rules_and_dashboards_know() -> None:
    named_jobs = {job for one in EXPRESSIONS for told in re.findall(r'job=~?"([^"]+)"', one) for job in told.split("|")}
    monitor = named("production", "ServiceMonitor", "regulars")["spec"]
    labels = [one["metadata"]["labels"] for one in rendered("production") if one["kind"] == "Service"]
    jobs = {one[monitor["jobLabel"]] for one in labels if selects(monitor["selector"], one)}
    assert named_jobs
    assert named_jobs <= jobs == set(FIGURES)


def test_dashboards_are_what_grafana_reads_and_their_panels_lie_beside_each_other() -> None:
    assert len({board["uid"] for board in DASHBOARDS}) == len(DASHBOARDS) == 2
    for board in DASHBOARDS:
        assert {"uid", "title", "schemaVersion", "panels", "time", "timezone"} <= set(board)
        assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            place = panel["gridPos"]
            columns, rows = (range(place[at], place[at] + place[size]) for at, size in ("xw", "yh"))
            cells = {(x, y) for x in columns for y in rows}
            assert place["x"] + place["w"] <= 24
            assert not cells & taken, panel["title"]
            taken |= cells
            assert panel["datasource"]["uid"] == "prometheus"
            assert panel["targets"]
    provisioned = yaml.safe_load((FOLDER / "grafana/provisioning/datasources/prometheus.yaml").read_text())
    assert provisioned["datasources"][0]["uid"] == "prometheus"
    mounted = {volume.split(":")[1] for volume in SERVICES["grafana"]["volumes"]}
    provider = yaml.safe_load((FOLDER / "grafana/provisioning/dashboards/regulars.yaml").read_text())["providers"][0]
    assert provider["options"]["path"] in mounted
