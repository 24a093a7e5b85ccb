from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.errors import InputError
from govagents.perception import windows
from govagents.perception.windows import LONGEST, read_window

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday


def _ends(text: str, at: datetime = NOW) -> str | None:
    window = read_window(text, at).window
    return None if window is None else f"{window.end:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("2h", timedelta(hours=2)),
        ("half an hour", timedelta(minutes=30)),
        ("20 minutes", timedelta(minutes=20)),
        ("1h30", timedelta(minutes=90)),
        ("an hour and a half", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("a day", timedelta(days=1)),
        ("for the next two weeks", timedelta(days=14)),
        ("for the next hour", timedelta(hours=1)),
        ("a couple of hours", timedelta(hours=2)),
        ("pendant deux heures", timedelta(hours=2)),
        ("durante las próximas 2 horas", timedelta(hours=2)),
        ("für eine Woche", timedelta(days=7)),
    ],
)
def test_a_length_floats_from_the_request_when_no_clock_is_named(
    text: str, length: timedelta
) -> None:
    window = read_window(f"I need the plates, {text}", NOW).window

    assert window is not None
    assert (window.start, window.length, window.floating) == (NOW, length, True)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("until Friday 18:00", "11-27 18:00"),
        ("until Friday", "11-27 18:00"),
        ("until 06:00", "11-24 06:00"),
        ("until five", "11-23 17:00"),
        ("until tomorrow at five", "11-24 17:00"),
        ("by noon", "11-23 12:00"),
        ("for the rest of the day", "11-23 18:00"),
        ("just for today", "11-23 18:00"),
        ("until Wednesday evening", "11-25 18:00"),
        ("until 11 December 18:00", "12-11 18:00"),
        ("at the latest tomorrow 17:00", "11-24 17:00"),
        ("until my shift ends at 14:00", "11-23 14:00"),
        ("today, a day is ok", "11-24 09:00"),
        ("due Wednesday, until 16:00 that day", "11-25 16:00"),
        ("tonight till 06:00", "11-24 06:00"),
        ("until end of week", "11-27 18:00"),
        ("until the 30th", "11-30 18:00"),
        ("bis Mittwoch 12:00 Uhr", "11-25 12:00"),
        ("hasta las 14:00", "11-23 14:00"),
        ("jusqu'à vendredi 18h", "11-27 18:00"),
        ("hasta el 15 de diciembre de 2026", "12-15 18:00"),
    ],
)
def test_an_end_is_read_when_the_words_name_one(text: str, end: str) -> None:
    window = read_window(f"the plates {text}", NOW).window

    assert window is not None
    assert f"{window.end:%m-%d %H:%M}" == end


def test_a_bare_hour_is_the_next_one_a_clock_shows_when_it_is_late() -> None:
    assert _ends("until 6", NOW.replace(hour=23)) == "11-24 06:00"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("tomorrow 20:00-22:00", "11-24 20:00", "11-24 22:00"),
        ("tomorrow 22:00 to 02:00", "11-24 22:00", "11-25 02:00"),
        ("from Wednesday 06:00 to Thursday 10:00", "11-25 06:00", "11-26 10:00"),
        ("between 2pm and 4pm on Friday", "11-27 14:00", "11-27 16:00"),
        ("starting Thursday 08:00 for 3 hours", "11-26 08:00", "11-26 11:00"),
        ("start 2026-12-01 10:00 end 2026-12-01 12:00", "12-01 10:00", "12-01 12:00"),
        ("starting tomorrow at 9 for 2 hours", "11-24 09:00", "11-24 11:00"),
        ("2h starting at 22:00", "11-23 22:00", "11-24 00:00"),
        ("01/12/2026 10:00 for 2h", "12-01 10:00", "12-01 12:00"),
        ("tomorrow 9-11", "11-24 09:00", "11-24 11:00"),
        ("10:00 UTC to 12:00 UTC on 1 December", "12-01 10:00", "12-01 12:00"),
        ("2026-12-01T10:00:00Z/2026-12-01T12:00:00Z", "12-01 10:00", "12-01 12:00"),
    ],
)
def test_a_start_is_read_when_the_words_name_one(text: str, start: str, end: str) -> None:
    window = read_window(text, NOW).window

    assert window is not None
    assert (f"{window.start:%m-%d %H:%M}", f"{window.end:%m-%d %H:%M}") == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "it pages every two minutes",
        "readings of the last two months",
        "it died three hours ago",
        "one by one",
        "release 4.18 of the app",
        "the door on Tuesday",
        "and another thing",
    ],
)
def test_no_window_is_read_when_the_words_tell_what_happened(text: str) -> None:
    found = read_window(text, NOW)

    assert (found.window, found.open_end) == (None, False)


@pytest.mark.parametrize("text", ["for as long as it takes", "for a while", "permanently"])
def test_an_open_end_is_told_apart_when_nobody_says_until_when(text: str) -> None:
    assert read_window(text, NOW).open_end


def test_a_length_beats_clock_times_of_the_past_when_both_are_said() -> None:
    found = read_window("the feed was down 01:00-02:40, replay it, 2h", NOW).window

    assert found is not None
    assert found.length == timedelta(hours=2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("for ten years", "for ten years"),
        ("for 10 yrs", "for 10 yrs"),
        ("for a decade", "for a decade"),
        ("until the end of time", "until the end of time"),
        ("until 1 May 12000", "until 1 May 12000"),
        ("until 12000-01-01", "until 12000"),
        ("for 99999999999999999999 hours", "for 99999999999999999999 hours"),
        ("until yesterday", "until yesterday"),
        ("from Friday 18:00 to Wednesday 10:00", "from Friday 18:00 to Wednesday 10:00"),
        ("from 2026-12-05 until 2026-12-01", "2026-12-05 until 2026-12-01"),
    ],
)
def test_a_window_is_refused_with_its_words_when_it_cannot_be(text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"`{said}`"):
        read_window(text, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "until Friday but at most 2h",
        "next Monday for 2 hours",
        "in two weeks for 1 day",
        "yesterday",
        "for yesterday",
        "-2h",
        "tomorrow",
        "2h, 2026-12-24",
        "from 2026-12-01 to 2026-12-03",
    ],
)
def test_a_window_is_in_doubt_when_words_about_time_are_left_over(text: str) -> None:
    found = read_window(f"see the plates {text}", NOW)

    assert (found.window, found.doubt) == (None, True)


@pytest.mark.parametrize(
    "text",
    [
        "2h",
        "see what failed yesterday",
        "it was down 01:00-02:40, 2h",
        "until Friday 18:00",
        "rights in AD for 2h",
    ],
)
def test_no_window_is_in_doubt_when_all_that_is_said_is_read(text: str) -> None:
    assert not read_window(text, NOW).doubt


# (text, "start end" or None = a question); a floating length counts from 11-23 09:00
DAYS_AND_LENGTHS = [
    ("for 2 hours tomorrow", None),
    ("2h tomorrow", None),
    ("tomorrow, 2h", None),
    ("tmrw 2h", None),
    ("tomorrow for 2 hours", None),
    ("until tomorrow for 2 hours", None),
    ("2h until tomorrow", None),
    ("until Friday, 2h", None),
    ("until 18:00 for 2h", None),
    ("an hour on Monday", None),
    ("next Monday for an hour", None),
    ("from Friday 2h", None),
    ("starting Friday for 2 hours", None),
    ("2h tonight", None),
    ("tonight for 2 hours", None),
    ("this afternoon for 30 min", None),
    ("this evening, 1h", None),
    ("this afternoon", None),
    ("on the 3rd for a day", None),
    ("for a day on 3 December", None),
    ("2h on 1/12", None),
    ("for 30 minutes in two hours", None),
    ("2h in 3 days", None),
    ("in an hour", None),
    ("tomorrow morning for 2h", None),
    ("Friday afternoon, 2 hours", None),
    ("2 days next week", None),
    ("next month for an hour", None),
    ("this weekend, 4h", None),
    ("over the weekend", None),
    ("noon for 2h", None),
    ("after lunch for 2h", None),
    ("2h before Friday", None),
    ("for 2 hours every Monday", None),
    ("2h a day until Friday", None),
    ("Mondays 10:00-12:00", None),
    ("for 2 or 3 hours", None),
    ("between 2 and 4 hours", None),
    ("2h, maybe 4h", None),
    ("at least 2h", None),
    ("on Friday until 18:00", None),
    ("until Monday", None),  # it is Monday
    ("until next Friday", None),
    ("until the release", None),
    ("until 20 November", None),
    ("until 12/25", None),
    ("from 3 to 5 December", None),
    ("Tuesday or Wednesday for 2h", None),
    ("Tuesday and Thursday, 2h", None),
    ("needed on Friday to look, 2h", None),
    ("morgen für 2 Stunden", None),
    ("demain pendant deux heures", None),
    ("ce soir pendant 2 heures", None),
    ("mañana por 2 horas", None),
    ("nächste Woche", None),
    ("2h today", "11-23 09:00 11-23 11:00"),
    ("today for 2 hours", "11-23 09:00 11-23 11:00"),
    ("30 min this morning", "11-23 09:00 11-23 09:30"),
    ("1 hour 30 minutes", "11-23 09:00 11-23 10:30"),
    ("2 days and 4 hours", "11-23 09:00 11-25 13:00"),
    ("up to 2 hours", "11-23 09:00 11-23 11:00"),
    ("for the next week", "11-23 09:00 11-30 09:00"),
    ("from tomorrow for a day", "11-24 00:00 11-25 00:00"),
    ("tomorrow at 9 for 2h", "11-24 09:00 11-24 11:00"),
    ("tomorrow from 10:00 for 2h", "11-24 10:00 11-24 12:00"),
    ("tonight at 22:00 for 1h", "11-23 22:00 11-23 23:00"),
    ("two hours tonight from 22:00", "11-23 22:00 11-24 00:00"),
    ("Friday 10-12", "11-27 10:00 11-27 12:00"),
    ("until the 3rd", "11-23 09:00 12-03 18:00"),
    ("until 23 November 18:00", "11-23 09:00 11-23 18:00"),
    ("the Friday batch is stuck, 2h", "11-23 09:00 11-23 11:00"),
    ("the queue failed on Friday, 2h", "11-23 09:00 11-23 11:00"),
    ("since Monday it fails, 2h", "11-23 09:00 11-23 11:00"),
    ("the report is due Friday. I need 2h", "11-23 09:00 11-23 11:00"),
]


@pytest.mark.parametrize(("text", "said"), DAYS_AND_LENGTHS)
def test_a_window_is_what_is_said_or_a_question_when_a_day_stands_beside_a_length(
    text: str, said: str | None
) -> None:
    """S84: no day is dropped to begin now, no length is dropped to go on until the end."""
    found = read_window(f"see the plates {text}", NOW)

    window = found.window
    read = None if window is None else f"{window.start:%m-%d %H:%M} {window.end:%m-%d %H:%M}"
    assert (read, found.doubt) == (said, said is None)


def test_a_day_is_dropped_when_it_is_not_accounted_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "days_apart", lambda *_, **__: ())

    assert _ends("see the plates, 2h tomorrow") == "11-23 11:00"


@given(st.text(alphabet="0123456789:.-hmd untilbyforday FriMonto", max_size=60))
def test_every_window_has_a_length_whatever_is_said(text: str) -> None:
    try:
        found = read_window(text, NOW)
    except InputError:
        return

    assert found.window is None or timedelta(0) < found.window.length <= LONGEST
    assert all(0 <= start < end <= len(text) for start, end in found.spans)
