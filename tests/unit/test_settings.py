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
