"""No time zone is thrown away: it is applied where it is sure, else asked about by its word."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.errors import InputError
from govagents.perception import windows
from govagents.perception.windows import read_window
from govagents.perception.zones import Meant, without, zones_said

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)  # a Monday
SUMMER = NOW.replace(month=7)  # a Thursday


def _read(text: str, at: datetime = NOW) -> str | None:
    window = read_window(f"see the plates {text}", at).window
    return None if window is None else f"{window.start:%m-%d %H:%M} {window.end:%m-%d %H:%M}"


def _asked(text: str, at: datetime = NOW) -> list[str]:
    said = f"see the plates {text}"
    return [said[slice(*span)] for span in read_window(said, at).apart]


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("until 2026-11-23 18:00+0200", "11-23 09:00 11-23 16:00"),
        ("until 2026-11-23T18:00+02:00", "11-23 09:00 11-23 16:00"),
        ("until 2026-11-23T18:00:00.5-05:00", "11-23 09:00 11-23 23:00"),
        ("until 2026-11-23 18:00:00-05:00", "11-23 09:00 11-23 23:00"),
        ("until 2026-11-23 18:00-05:00", "11-23 09:00 11-23 23:00"),
        ("until 18:00 -0500", "11-23 09:00 11-23 23:00"),
        ("until 18:00-0500", "11-23 09:00 11-23 23:00"),
        ("until 18:00 +02", "11-23 09:00 11-23 16:00"),
        ("until 18:00+5:30", "11-23 09:00 11-23 12:30"),
        ("until 6pm+2", "11-23 09:00 11-23 16:00"),
        ("until 18:00 UTC+2", "11-23 09:00 11-23 16:00"),
        ("until 18:00 UTC +02:00", "11-23 09:00 11-23 16:00"),
        ("until 18:00 GMT+1", "11-23 09:00 11-23 17:00"),
        ("until 18:00 utc-5", "11-23 09:00 11-23 23:00"),
        ("until 18:00 UTC−5", "11-23 09:00 11-23 23:00"),
        ("until 18:00 UTC-05:00", "11-23 09:00 11-23 23:00"),
        ("until 18:00Z", "11-23 09:00 11-23 18:00"),
        ("until 6pm UTC", "11-23 09:00 11-23 18:00"),
        ("until 18:00 GMT on Friday", "11-23 09:00 11-27 18:00"),
        ("until 18:00 Zulu", "11-23 09:00 11-23 18:00"),
        ("until 18:00 UTC time", "11-23 09:00 11-23 18:00"),
        ("until 18:00 CET", "11-23 09:00 11-23 17:00"),
        ("UNTIL 18:00 CET PLEASE", "11-23 09:00 11-23 17:00"),
        ("until 6pm cet", "11-23 09:00 11-23 17:00"),
        ("until 18:00 (CET) on Friday", "11-23 09:00 11-27 17:00"),
        ("until 18:00 in CET", "11-23 09:00 11-23 17:00"),
        ("until Friday 18:00 CET", "11-23 09:00 11-27 17:00"),
        ("until Friday, CET", "11-23 09:00 11-27 17:00"),
        ("until noon CET", "11-23 09:00 11-23 11:00"),
        ("until 5 CET", "11-23 09:00 11-23 16:00"),
        ("bis 18 Uhr MEZ", "11-23 09:00 11-23 17:00"),
        ("until 6 p.m. CET", "11-23 09:00 11-23 17:00"),
        ("from 2 p.m. to 4 p.m. CET", "11-23 13:00 11-23 15:00"),
        ("from 15:00 to 16:00 CET", "11-23 14:00 11-23 15:00"),
        ("from 15:00 CET to 16:00", "11-23 14:00 11-23 15:00"),
        ("from 15:00 CET to 16:00 CET", "11-23 14:00 11-23 15:00"),
        ("15:00-16:00 CET", "11-23 14:00 11-23 15:00"),
        ("between 2pm and 4pm on Friday, CET", "11-27 13:00 11-27 15:00"),
        ("tomorrow from 06:00 to 08:00 UTC+2", "11-24 04:00 11-24 06:00"),
        ("tomorrow 00:30 to 01:30 UTC+2", "11-23 22:30 11-23 23:30"),
        ("CET 15:00 to 16:00", "11-23 14:00 11-23 15:00"),
        ("2026-12-01T10:00+01:00/2026-12-01T12:00+01:00", "12-01 09:00 12-01 11:00"),
        ("10:00 UTC-12:00 UTC", "11-23 10:00 11-23 12:00"),
        ("starting tomorrow 10:00 CET for 2 hours", "11-24 09:00 11-24 11:00"),
        ("tomorrow 10:00 for 2 hours, CET", "11-24 09:00 11-24 11:00"),
        ("for today, CET", "11-23 09:00 11-23 17:00"),
        ("2h, the feed was down 01:00-02:40 EST", "11-23 09:00 11-23 11:00"),
        ("for 2h. I am on PST", "11-23 09:00 11-23 11:00"),
        ("for the lead time report until 18:00", "11-23 09:00 11-23 18:00"),
        ("until 18:00, lead time and dwell time", "11-23 09:00 11-23 18:00"),
        ("until 18:00. All times are UTC", "11-23 09:00 11-23 18:00"),
        ("until 18:00 at the latest this time", "11-23 09:00 11-23 18:00"),
        ("bis 18:00 ist gut", "11-23 09:00 11-23 18:00"),
    ],
)
def test_a_window_is_utc_when_its_zone_is_sure(text: str, read: str) -> None:
    """S84: an offset is applied exactly; no zone is UTC, and a length has none."""
    assert _read(text) == read


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("until 18:00 Rotterdam time", "Rotterdam time"),
        ("until 6pm New York time", "New York time"),
        ("until 14:00 PST", "PST"),
        ("until 18:00 EST", "EST"),
        ("until 6pm est", "est"),
        ("until 18:00 ET", "ET"),
        ("until 18:00 IST on Friday", "IST"),
        ("until 18:00 BST", "BST"),
        ("until 18:00 Eastern Time", "Eastern Time"),
        ("until 18:00 Central European Summer Time", "Central European Summer Time"),
        ("until 18:00 summer time", "summer time"),
        ("until 18:00 local time", "local time"),
        ("until 18:00 local", "local"),
        ("until 6 p.m. New York time", "New York time"),
        ("until 18:00 Amsterdam", "Amsterdam"),
        ("until 18:00 Pacific", "Pacific"),
        ("until 18:00 UTC + 2", "+ 2"),
        ("until 18:00 UTC plus 2", "plus 2"),
        ("until 18:00. Times are local", "local"),
        ("until 18:00 my time", "my time"),
        ("by 18:00 tomorrow my time", "my time"),
        ("until 18:00 (that's our time)", "our time"),
        ("until five my time", "my time"),
        ("until noon their time", "their time"),
        ("until tomorrow 18:00 over here", "over here"),
        ("until 18:00 Europe/Amsterdam", "Europe/Amsterdam"),
        ("until 18:00 Etc/GMT+1", "Etc/GMT+1"),
        ("until 18:00 in my time zone", "my time zone"),
        ("until 18:00 CET+1", "CET+1"),
        ("until 18:00 UTC+27", "UTC+27"),
        ("until 18:00+99:00", "+99:00"),
        ("until 18:00 +1", " +1"),
        ("until 18:00B", "B"),
        ("until Friday New York time", "New York time"),
        ("bis 18 Uhr Ortszeit", "Ortszeit"),
        ("bis 18 Uhr Londoner Zeit", "Londoner Zeit"),
        ("jusqu'à 18h heure de Paris", "heure de Paris"),
        ("hasta las 14:00 hora local", "hora local"),
        ("from 15:00 to 16:00 EST", "EST"),
        ("from 15:00 PST to 16:00", "PST"),
        ("tomorrow 9-11 EST", "EST"),
        ("local time 15:00 to 16:00", "local time"),
        ("tomorrow 10:00 PST for 2 hours", "PST"),
        ("06:00-0800", "06:00"),
        ("until 18:00. I am on EST", "EST"),
        ("until 18:00. It broke at 02:00 PST", "PST"),
        ("until 18:00, by New York time", "New York time"),
        ("for today, Denver time", "Denver time"),
    ],
)
def test_a_zone_is_asked_about_by_its_word_when_it_is_not_sure(text: str, word: str) -> None:
    """S84."""
    assert (_read(text), word in _asked(text)) == (None, True), _asked(text)


def test_two_zones_are_asked_about_when_they_differ() -> None:
    assert _asked("from 10:00 UTC to 12:00 CET") == ["UTC", "CET"]
    assert _asked("from 10:00+01:00 to 12:00+02:00") == ["+01:00", "+02:00"]


@pytest.mark.parametrize(
    ("text", "at", "read"),
    [
        ("until 18:00 CEST", SUMMER, "07-23 09:00 07-23 16:00"),
        ("until 18:00 CET", SUMMER, None),
        ("until 18:00 CEST", NOW, None),
        ("until 18:00 MESZ", SUMMER, "07-23 09:00 07-23 16:00"),
        ("until 1 April 2027 18:00 CEST", NOW, "11-23 09:00 04-01 16:00"),
        ("from 2027-03-27 10:00 to 2027-03-29 10:00 CET", NOW, None),
        ("until 2027-03-28 01:59 CET", NOW, "11-23 09:00 03-28 00:59"),
        ("until 2027-03-28 02:01 CET", NOW, None),
        ("until 2026-10-25 02:30 CEST", SUMMER, "07-23 09:00 10-25 00:30"),
        ("until 2026-10-25 02:30 CET", SUMMER, "07-23 09:00 10-25 01:30"),
        ("until 18:00 UTC+1", SUMMER, "07-23 09:00 07-23 17:00"),
    ],
)
def test_the_name_of_an_offset_is_a_question_when_the_clocks_show_another(
    text: str, at: datetime, read: str | None
) -> None:
    """S84: the hour that is there twice in October is told apart; numbers keep no summer."""
    assert _read(text, at) == read


def test_a_zone_is_dropped_when_it_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "meant", lambda *_: Meant(None))

    assert _read("until 18:00 EST") == "11-23 09:00 11-23 18:00"


@pytest.mark.parametrize(
    "text",
    [
        "the best EAT in town",
        "we met",
        "art and cat",
        "the time of day",
        "Real time dashboards",
        "+5",
    ],
)
def test_no_zone_is_said_when_words_only_look_like_one(text: str) -> None:
    assert zones_said(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "every morning from 6 to 8",
        "from 6 to 8 every morning",
        "from 06:00 to 08:00 on weekdays",
        "each working day between 14:00 and 16:00",
        "daily 14:00-16:00",
        "mornings from 6 to 8",
        "every day until 18:00",
        "every other day for 2 hours",
        "once a week from 10:00 to 12:00",
        "from 10:00 to 12:00 all week",
        "jeden Morgen von 10:00 bis 12:00",
        "chaque matin de 10:00 à 12:00",
        "todos los días de 10:00 a 12:00",
    ],
)
def test_a_window_that_comes_again_is_a_question_when_one_is_all_there_is(text: str) -> None:
    assert (_read(text), _asked(text) != []) == (None, True)


@pytest.mark.parametrize(
    "text",
    [
        "from 15:00 to 13:00 today",
        "today from 15:00 to 13:00",
        "from 15:00 to 13:00",
        "from 22:00 to 02:00 tomorrow",
        "from 15:00 to today 13:00",
        "from 10 to 2",
        "from 10:00 to 12:00 on 12/25",
    ],
)
def test_an_end_before_its_start_is_a_question_when_no_night_lies_between(text: str) -> None:
    assert (_read(text), _asked(text) != []) == (None, True)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("from 22:00 to 06:00", "11-23 22:00 11-24 06:00"),
        ("tomorrow 22:00 to 02:00", "11-24 22:00 11-25 02:00"),
        ("from 22:00 to tomorrow 02:00", "11-23 22:00 11-24 02:00"),
        ("from 10:00 to tomorrow 12:00", "11-23 10:00 11-24 12:00"),
        ("from 06:00 to 08:00", "11-24 06:00 11-24 08:00"),
        ("the daily report until 18:00", "11-23 09:00 11-23 18:00"),
        ("every day the sync fails, 2h", "11-23 09:00 11-23 11:00"),
    ],
)
def test_an_end_is_the_next_days_when_a_night_lies_between(text: str, read: str) -> None:
    assert _read(text) == read


@pytest.mark.parametrize(
    "text",
    ["06:00 to 08:00 today", "today 06:00-08:00", "from 2026-11-20 06:00 to 2026-11-20 08:00"],
)
def test_a_window_is_refused_as_over_when_it_is_past(text: str) -> None:
    with pytest.raises(
        InputError, match=r"is over: it ended 2026-11-2.T08:00.*name a window to come"
    ):
        _read(text)


def test_a_past_range_without_a_day_is_a_question() -> None:
    assert _asked("06:00-08:00") == ["06:00-08:00"]


def test_no_window_is_read_when_a_range_of_today_tells_what_happened() -> None:
    found = read_window("it failed from 06:00 to 08:00 today", NOW)

    assert (found.window, found.doubt) == (None, False)


@given(st.text(alphabet="0123456789:+-− ()TZCESUTPGMapm.untilfro", max_size=60))
def test_words_keep_their_places_when_zones_are_taken_out(text: str) -> None:
    zones = zones_said(text)

    assert len(without(text, zones)) == len(text)
    assert all(0 <= zone.start < zone.end <= len(text) for zone in zones)
    assert all(one.end <= then.start for one, then in pairwise(zones))


@given(st.text(alphabet="0123456789:+-− ()TZCESUTPGMapm.untilfro", max_size=60))
def test_every_window_is_utc_whatever_zone_is_said(text: str) -> None:
    try:
        window = read_window(f"until {text}", NOW).window
    except InputError:
        return

    assert window is None or (window.start.tzinfo, window.end.tzinfo) == (UTC, UTC)
    assert window is None or NOW <= window.start < window.end
