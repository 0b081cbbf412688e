"""Settings: an empty environment is embedded, production refuses what is only good for that, naming each."""

import json
from pathlib import Path

import pytest

from regulars.errors import ConfigurationRefused
from regulars.settings import (
    FLOWS_NEEDS,
    GATEWAY_NEEDS,
    MIGRATE_NEEDS,
    RECOGNIZE_NEEDS,
    WORKER_NEEDS,
    Settings,
    load_settings,
    onebox_file,
)

ALL_NEEDS = (MIGRATE_NEEDS, GATEWAY_NEEDS, RECOGNIZE_NEEDS, WORKER_NEEDS, FLOWS_NEEDS)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"REGULARS_{name.upper()}", raising=False)
    monkeypatch.setenv("REGULARS_DATA_DIR", str(tmp_path))


def test_an_empty_environment_is_embedded() -> None:
    settings = load_settings(())
    assert settings.mode == "embedded"
    assert settings.database_url == settings.objects_url == settings.vectors_url == "embedded:"


@pytest.mark.parametrize("needs", ALL_NEEDS)
def test_without_a_onebox_the_words_say_what_to_do(needs: tuple[str, ...]) -> None:
    with pytest.raises(ConfigurationRefused, match=r"\./run demo") as refused:
        load_settings(needs)
    assert all(f"REGULARS_{name.upper()}" in str(refused.value) for name in needs)


@pytest.mark.parametrize("needs", ALL_NEEDS)
def test_production_refuses_each_embedded_part_and_default_secret(
    needs: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGULARS_MODE", "production")
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings(needs)
    assert all(f"REGULARS_{name.upper()} (" in str(refused.value) for name in needs)


def test_production_takes_what_is_set_and_names_only_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_MODE", "production")
    monkeypatch.setenv("REGULARS_GATEWAY_URL", "https://regulars.example.com")
    with pytest.raises(ConfigurationRefused) as refused:
        load_settings(WORKER_NEEDS)
    assert "REGULARS_WORKER_KEY (default secret)" in str(refused.value)
    assert "GATEWAY_URL" not in str(refused.value)
    monkeypatch.setenv("REGULARS_WORKER_KEY", "rk_of_its_own")
    assert load_settings(WORKER_NEEDS).worker_key == "rk_of_its_own"


def test_a_onebox_tells_where_its_parts_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = {"REGULARS_GATEWAY_URL": "http://127.0.0.1:1", "REGULARS_WORKER_KEY": "rk_onebox"}
    onebox_file(tmp_path).write_text(json.dumps(told))
    assert load_settings(WORKER_NEEDS).gateway_url == "http://127.0.0.1:1"
    monkeypatch.setenv("REGULARS_GATEWAY_URL", "http://127.0.0.1:2")
    assert load_settings(WORKER_NEEDS).gateway_url == "http://127.0.0.1:2", "the environment comes first"


def test_production_does_not_listen_to_a_onebox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    onebox_file(tmp_path).write_text(json.dumps({"REGULARS_WORKER_KEY": "rk_onebox"}))
    monkeypatch.setenv("REGULARS_MODE", "production")
    with pytest.raises(ConfigurationRefused, match="REGULARS_WORKER_KEY"):
        load_settings(WORKER_NEEDS)


def test_a_value_that_does_not_parse_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGULARS_RETENTION_DAYS", "31")
    with pytest.raises(ConfigurationRefused, match=r"REGULARS_RETENTION_DAYS.*30"):
        load_settings(())


@pytest.mark.parametrize("name", ["OBJECTS_URL", "VECTORS_URL", "SMTP_URL", "GATEWAY_URL", "RECOGNIZE_URL"])
@pytest.mark.parametrize("url", ["https://key:half/of-it@host:1/x", "https://host:99999", "https://[::1/x"])
def test_an_address_that_nobody_can_read_is_named_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, url: str
) -> None:
    monkeypatch.setenv(f"REGULARS_{name}", url)
    with pytest.raises(ConfigurationRefused, match=rf"REGULARS_{name}: .*%2F") as refused:
        load_settings(())
    assert "half" not in str(refused.value)


@pytest.mark.parametrize("everybody", ["*", "127.0.0.1,*", "nginx"])
def test_proxies_are_addresses_or_networks(monkeypatch: pytest.MonkeyPatch, everybody: str) -> None:
    monkeypatch.setenv("REGULARS_TRUSTED_PROXIES", everybody)
    with pytest.raises(ConfigurationRefused, match="REGULARS_TRUSTED_PROXIES"):
        load_settings(())
    monkeypatch.setenv("REGULARS_TRUSTED_PROXIES", "10.0.0.7, 172.30.0.0/24,fd00::/8")
    load_settings(())


def test_secrets_come_from_files_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(Settings.model_config, "secrets_dir", tmp_path)
    (tmp_path / "regulars_secret_key").write_text("from a file\n")
    (tmp_path / "regulars_sealing_keys").write_text("from a file")
    monkeypatch.setenv("REGULARS_SEALING_KEYS", "from the environment")
    settings = load_settings(("secret_key", "sealing_keys"))
    assert (settings.secret_key, settings.sealing_keys) == ("from a file", "from the environment")
