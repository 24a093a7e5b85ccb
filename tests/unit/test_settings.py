"""What `settings.toml` may say of time."""

from datetime import timedelta
from pathlib import Path

import pytest

from govagents.settings import FILE, TARGET_LIMIT, read_settings


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("", TARGET_LIMIT),
        ("target_seconds = 3", timedelta(seconds=3)),
        ("target_seconds = 0.5", timedelta(seconds=0.5)),
        ("target_seconds = 600", timedelta(minutes=10)),
    ],
)
def test_a_target_is_waited_for_as_long_as_the_operator_says(
    tmp_path: Path, line: str, limit: timedelta
) -> None:
    (tmp_path / FILE).write_text(line)

    settings = read_settings(tmp_path)

    assert (settings.target_limit, settings.problems) == (limit, ())


@pytest.mark.parametrize("value", ["0", "-1", "601", "nan", "inf", "true", '"10"', "[]"])
def test_a_limit_that_is_none_is_named_and_the_usual_one_holds(tmp_path: Path, value: str) -> None:
    (tmp_path / FILE).write_text(f"target_seconds = {value}")

    settings = read_settings(tmp_path)

    assert settings.target_limit == TARGET_LIMIT
    (problem,) = settings.problems
    assert problem.endswith("target_seconds must be a number above 0, at most 600")


@pytest.mark.parametrize(
    ("value", "minutes"), [("5", 5), ("1440", 1440), ("0", None), ("1441", None), ("true", None)]
)
def test_how_often_it_is_decided_again_is_15_minutes_where_it_cannot_be_meant(
    value: str, minutes: int | None, tmp_path: Path
) -> None:
    """S45: what cannot be understood is named, and nothing is given meanwhile."""
    (tmp_path / FILE).write_text(f"redecide_minutes = {value}")

    found = read_settings(tmp_path)

    assert found.redecide == timedelta(minutes=minutes or 15)
    assert bool(found.problems) is (minutes is None)
