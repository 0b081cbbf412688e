"""PostgreSQL's own log, wherever it runs: of a row that it refuses, and of the statement, it writes nothing down."""

from collections.abc import Mapping

import pytest

from compose.onebox.servers.postgres import SETTINGS
from tests.infra.cloud_files import properties
from tests.infra.kubernetes_files import workloads
from tests.infra.test_compose import SERVICES

QUIET = {name: value for name, _, value in (one.partition("=") for one in SETTINGS) if name.startswith("log_")}


def told_by(words: list[str]) -> Mapping[str, str]:
    given = [word.partition("=") for flag, word in zip(words[::2], words[1::2], strict=True) if flag == "-c"]
    return {name: value for name, _, value in given}


def test_the_onebox_is_quiet() -> None:
    assert QUIET == {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}


def test_it_is_as_quiet_under_compose() -> None:
    assert told_by(SERVICES["postgres"]["command"]).items() >= QUIET.items()


@pytest.mark.parametrize("overlay", ["small"])
def test_it_is_as_quiet_in_a_cluster(overlay: str) -> None:
    [database] = [one for one in workloads(overlay) if one.name == "postgres"]
    assert told_by(database.container("postgres")["args"]).items() >= QUIET.items()


def test_it_is_as_quiet_at_aws() -> None:
    assert properties("data", "DatabaseParameters")["Parameters"].items() >= QUIET.items()
