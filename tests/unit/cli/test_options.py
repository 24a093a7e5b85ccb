"""Instants and lengths as people type them."""

from datetime import UTC, datetime, timedelta

import pytest

from govagents.entrypoints.cli.options import instant_from, length_from
from govagents.errors import InputError

FAR = [
    "0001-01-01T00:00:00Z",
    "1969-12-31T23:59:59Z",
    "3000-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
]


def test_an_instant_is_read_when_it_says_its_zone() -> None:
    assert instant_from("2026-11-23T09:00:00Z") == datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2026-11-23T09:00:00",
        "2026-02-30T00:00:00Z",
        "0001-01-01T00:00:00+23:59",
        *FAR,
    ],
)
def test_an_instant_is_refused_when_it_is_not_one(text: str) -> None:
    with pytest.raises(InputError, match="`"):
        instant_from(text)


@pytest.mark.parametrize(
    ("text", "length"),
    [("30s", timedelta(seconds=30)), ("10m", timedelta(minutes=10)), ("1d", timedelta(days=1))],
)
def test_a_length_is_read_when_it_has_a_unit(text: str, length: timedelta) -> None:
    assert length_from(text) == length


@pytest.mark.parametrize("text", ["", "0s", "-1h", "1.5h", "h", "10", "99999999d", "1h30m"])
def test_a_length_is_refused_when_it_is_not_one(text: str) -> None:
    with pytest.raises(InputError, match="length of time"):
        length_from(text)
