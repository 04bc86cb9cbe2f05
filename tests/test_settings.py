"""Settings: read from the environment, refused when they cannot be meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from service.settings import Settings

ROOT = Path(__file__).parent.parent


def test_a_variable_sets_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACTQA_PORT", "9123")
    assert Settings().port == 9123


def test_a_dotenv_file_is_read_and_the_environment_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(".env").write_text("IMPACTQA_PORT=9001\nIMPACTQA_THREADS=3\nOTHER_TOOL=1\n")
    monkeypatch.setenv("IMPACTQA_PORT", "9002")
    assert (Settings().port, Settings().threads) == (9002, 3)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "70000"), ("THREADS", "0"), ("LOG_LEVEL", "loud"), ("QUESTION_CHARS_MAX", "-1")],
)
def test_a_bad_value_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"IMPACTQA_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()


def test_settings_cannot_be_changed_later() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Settings(), "port", 1)  # noqa: B010 - that it is read-only is what is tested


def test_only_this_machine_may_ask_by_default() -> None:
    assert Settings(_env_file=None).host == "127.0.0.1"


@pytest.mark.parametrize(
    ("name", "value"),
    [("URL", "http://127.0.0.1:1/v1"), ("MODEL", "tiny"), ("URL", "file:///etc"), ("URL", "http://a:b@c/v1")],
)
def test_half_an_endpoint_or_no_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"IMPACTQA_LLM_{name}", value)
    with pytest.raises(ValidationError, match="IMPACTQA_LLM_URL"):
        Settings(_env_file=None)


def test_a_list_stands_between_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACTQA_ALLOWED_ORIGINS", "https://a.example, http://b.example:8080")
    assert Settings(_env_file=None).allowed_origins == ("https://a.example", "http://b.example:8080")


@pytest.mark.parametrize("origin", ["*", "https://a.example/", "a.example", "https://a.example/path"])
def test_what_is_no_origin_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("IMPACTQA_ALLOWED_ORIGINS", origin)
    with pytest.raises(ValidationError, match="give one like"):
        Settings(_env_file=None)


def test_the_recipes_set_nothing_that_is_no_setting() -> None:
    recipes = [path for path in (ROOT / "docker").rglob("*") if path.is_file()]
    named = {name for path in recipes for name in re.findall(r"IMPACTQA_(\w+)", path.read_text("utf-8"))}
    assert len(named) > 3
    assert {name.lower() for name in named} <= set(Settings.model_fields)
