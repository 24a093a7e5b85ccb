"""The time zone said with a clock time: an offset that is sure, or words nobody may guess at.

1. A clock time without a zone is UTC.
2. A numeric offset is exactly that: `+02:00`, `+0200`, `UTC+2`; UTC, GMT, UT and Z are none. A
   minus may be the dash of a range: it is an offset in a timestamp, behind what "until" names and
   in `UTC-5`; elsewhere it is a question, or the range it looks like.
3. CET and CEST (MEZ, MESZ) are the fixed offsets +1 and +2, on days on which Central Europe's
   clocks show that offset. On others nobody can tell the name from the clock: a question.
4. Every other zone word is a question: EST, CST and IST each name several zones, and what a
   city's or "my" clocks show is known to no rule here.
5. One zone said with a range holds for both its ends; two that differ are a question.
6. A zone said apart from the window ("I am on EST. Until 18:00") is a question, unless it is UTC.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from govagents.perception.clockwords import Said

_UTC = timedelta(0)
_CENTRAL = {"CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2}  # hours ahead of UTC
_MOST = {1: timedelta(hours=14), -1: timedelta(hours=-12)}  # SOURCE: the offsets in use, IANA tz
_STRONG = (
    "CET|CEST|MEZ|MESZ|EST|EDT|PST|PDT|CDT|MDT|BST|EET|EEST|WEST|MSK|JST|KST|AEST|AEDT|ACST|AWST"
    "|NZST|NZDT|SAST|AKST|AKDT|HKT|SGT|PKT"
)
_WEAK = (
    "ET|CT|MT|PT|CST|MST|IST|WET|AST|ADT|ACDT|CAT|EAT|WAT|GST|HST|HDT|IDT|MEST|MET|NST|NDT|SST|PHT"
    "|WIB|WIT|WITA|BRT|ART|CLT|COT|PET|ICT|TRT"
)
_ALSO_WORDS = frozenset(
    "ET CT MT PT IST CAT EAT WAT GST ART MET WEST PET WET WIT COT SST AST".split()
)
_AREAS = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific|US"
_NO_PLACE = (
    r"(?:a|afternoon|all|am|and|another|any|arrival|at|because|but|delivery|departure|driving|dwell"
    r"|each|evening|every|first|for|full|if|in|it|last|lead|less|long|loading|more|morning|next|night|no"
    r"|of|off|on|one|or|over|part|pm"
    r"|please|real|run|same|second|short|since|so|some|that|the|then|third|this|to|today|tomorrow|tonight|transit"
    r"|travel|uhr|until|waiting|when|working)\b"
)
_CUED = (
    rf"\b(?:until|till|til|by|from|to|at|and|between|bis|um|las)\s+(?:\d{{1,2}}|{Said.NUMBERS})\b"
)
_MOMENT = rf"(?:\b(?:{Said.CLOCK}|{Said.PARTS}|{Said.DATES})|:\d\d(?::\d\d(?:[.,]\d+)?)?|{_CUED})"
_FILLER = (
    r"[\s,;(\[–-]*(?:(?:in|by|at|on|the|which\s+is|that\s+is|that['’]s|it['’]s|is|i\.e\.)\s+){0,2}"
)
_SIGN = r"[+\-−–]"
_SIGNED = rf"{_SIGN}\d{{1,2}}(?::?[0-5]\d)?(?![\d:])"
_LETTER = r"[^\W\d_][\w'’./-]*\s+"


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_NAMED = _rx(
    rf"(?<![^\W\d])(?:(?P<utc>UTC|GMT|Zulu|(?-i:UT)\b|(?<=\d)Z|(?<=\d\s)(?-i:Z))"
    rf"(?P<signed>\s?{_SIGNED})?|(?P<name>{_STRONG}|{_WEAK})(?P<more>\s?\+\d[\d:]*)?)"
    r"(?![^\W_])(?:\s+time\b)?"
)
_BARE = _rx(rf"(?:(?<=\d)|(?<=[ap]m)|(?<=\dh)|(?<=uhr))\s?{_SIGNED}(?!\s*(?:{Said.UNITS})\b)")
_PLACES = tuple(
    _rx(pattern)
    for pattern in (
        rf"{_MOMENT}{_FILLER}(?P<zone>(?:(?!{_NO_PLACE}){_LETTER}){{1,3}}?(?:time|zeit)\b(?!-))",
        rf"{_MOMENT}{_FILLER}(?P<zone>(?:heure|hora)s?\s+(?:de\s+|du\s+|d['’])?[^\W\d_]+"
        r"(?:\s+(?-i:[A-Z])\w+)?)",
        rf"{_MOMENT}{_FILLER}(?P<zone>(?:over\s+)?here\b|where\s+(?:i\s+am|i['’]m|we\s+are|we['’]re)"
        r"\b|(?:my|our|their)\s+(?:end|side|clocks?)\b"
        r"|local\b(?!\s+(?!please|and|to|for|on|until)[a-z]))",
        r"(?<=:\d\d)(?P<zone>(?-i:[A-IK-Y]))\b",
        rf"\b(?:{Said.CLOCK})\s(?P<zone>(?!{_NO_PLACE}|(?:thanks?|thx|pls|cheers|regards|{Said.DATES})\b)"
        r"(?-i:[A-Z])\w+(?:\s(?-i:[A-Z])\w+)?|central|eastern|mountain|pacific)(?=\s*(?:[.,;!?)]|$))",
        rf"{_MOMENT}(?:\s?(?:UTC|GMT))?\s*(?P<zone>(?:\+|plus|minus)\s*\d+(?:\s?(?:{Said.UNITS}))?)\b",
        r"\btimes?\s+(?:(?:are|is|given|in)\s+){1,3}(?P<zone>local|(?-i:[A-Z])\w+)\b",
        rf"\b(?P<zone>(?:local|my|our|(?!{_NO_PLACE})(?-i:[A-Z])\w+(?:\s(?-i:[A-Z])\w+)?)\s+time)\b"
        rf"[\s:,)]*(?:at\s+)?(?={Said.CLOCK})",
        r"\b(?P<zone>local\s+time|ortszeit|heure\s+locale|hora\s+local"
        rf"|(?:{_AREAS})/\w+(?:[/+-]\w+)*|[^\W\d_]+\s+time\s?zone)\b",
        rf"\b(?:in|on|by|use)\s+(?P<zone>(?!{_NO_PLACE})(?-i:[A-Z])\w+(?:\s(?-i:[A-Z])\w+)?\s+time)\b",
    )
)
_BEFORE = _rx(rf"{_MOMENT}{_FILLER}$")
_CLOCK_BEFORE = _rx(rf"(?:\b(?:{Said.CLOCK})|:\d\d(?::\d\d(?:[.,]\d+)?)?)$")
_AFTER = _rx(rf"[\s,;:)]*(?:at\s+)?(?:{Said.CLOCK}|{Said.DATES})")
_STAMPED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:?\d\d(?::\d\d(?:[.,]\d+)?)?$|:\d\d:\d\d(?:[.,]\d+)?$")
_ENDING = _rx(r"\b(?:until|till|til|up\s+to|bis|hasta|jusqu['’]\w+)\s[^.,;!?]{0,30}$")
_DAY_SAID = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d$")
_MORE_UTC = _rx(r"\s?(?:UTC|GMT|Z)\b")
_GAP = _rx(r"[\s,;:()\[\]–-]*(?:(?:in|by|at|on|the|which|that|is|it|['’]s)\b[\s(]*){0,3}")
_REACH = 80


class Zone(NamedTuple):
    """Where a zone is said; `offset` None: nobody can tell which one. `central`: by rule 3."""

    start: int
    end: int
    offset: timedelta | None
    central: bool = False

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return (self.start, self.end)


@dataclass(frozen=True)
class Meant:
    """The zone a window is said in (None: UTC), or the words that leave it open."""

    zone: Zone | None
    unclear: tuple[tuple[int, int], ...] = ()


def zones_said(text: str) -> tuple[Zone, ...]:
    """Every zone the words speak of, in order.

    >>> [(zone.span, zone.offset) for zone in zones_said("until 18:00 UTC+2")]
    [((12, 17), datetime.timedelta(seconds=7200))]
    >>> [zone.offset for zone in zones_said("until 18:00 Rotterdam time")]
    [None]
    """
    kept: list[Zone] = []
    sure = [*_named(text), *_bare(text)]
    places = sorted(_places(text), key=lambda item: -item.end)
    # ORDER: at one place a name that is known stands before words that may be a place's
    for zone in sorted([*sure, *places], key=lambda item: item.start):
        if not kept or zone.start >= kept[-1].end:
            kept.append(zone)
    return tuple(kept)


def without(text: str, zones: Sequence[Zone]) -> str:
    """`text`, as long as it was, with blanks for zones.

    >>> without("until 18:00 (CET) on Friday", zones_said("until 18:00 (CET) on Friday"))
    'until 18:00       on Friday'
    """
    for zone in zones:
        text = text[: zone.start] + " " * (zone.end - zone.start) + text[zone.end :]
    return re.sub(r"\(\s*\)", lambda match: " " * len(match.group()), text) if zones else text


def meant(text: str, zones: Sequence[Zone], own: Sequence[tuple[int, int]]) -> Meant:
    """The zone of the window whose words stand at `own` in `text`, from which zones were taken."""
    said = [zone for zone in zones if any(_beside(text, zone, span) for span in own)]
    if not said:  # (6)
        return Meant(None, tuple(zone.span for zone in zones if zone.offset != _UTC))
    unsure = tuple(zone.span for zone in said if zone.offset is None)
    if unsure:  # (4)
        return Meant(None, unsure)
    if len({zone.offset for zone in said}) > 1:  # (5)
        return Meant(None, tuple(zone.span for zone in said))
    return Meant(next((zone for zone in said if zone.central), said[0]))


def shown_on(zone: Zone, moments: Sequence[datetime]) -> bool:
    """(3): whether the clocks of the zone's name show its offset at each of `moments`."""
    return not zone.central or all(_central(moment) == zone.offset for moment in moments)


def _central(moment: datetime) -> timedelta:
    """What Central Europe's clocks show. SOURCE: Directive 2000/84/EC, articles 2 and 3."""
    begins, ends = (_last_sunday(moment.astimezone(UTC), month) for month in (3, 10))
    return timedelta(hours=2 if begins <= moment < ends else 1)


def _last_sunday(year: datetime, month: int) -> datetime:
    last = year.replace(month=month, day=31, hour=1, minute=0, second=0, microsecond=0)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def _named(text: str) -> Iterator[Zone]:
    for match in _NAMED.finditer(text):
        if match["utc"]:
            yield _universal(match, text)
        elif _is_zone(match, text):
            hours = None if match["more"] else _CENTRAL.get(match["name"].upper())
            offset = None if hours is None else timedelta(hours=hours)
            yield Zone(*match.span(), offset, central=hours is not None)


def _universal(match: re.Match[str], text: str) -> Zone:
    """(2): UTC, or UTC and an offset; the second half of "10:00 UTC-12:00 UTC" is none."""
    signed = match["signed"]
    if signed is None:
        return Zone(*match.span(), _UTC)
    dash = signed.strip()[0] != "+"
    if dash and _MORE_UTC.match(text, match.end("signed")):
        return Zone(*match.span("utc"), _UTC)
    sure = not (dash and ":" in signed) or _ENDING.search(text[: match.start()])
    return Zone(*match.span(), _offset(signed) if sure else None)


def _is_zone(match: re.Match[str], text: str) -> bool:
    """Whether letters are a zone: written large, or beside a time where they may be words."""
    said = match["name"]
    if said != said.upper():
        return said.upper() not in _ALSO_WORDS and _near(match.span(), text)
    return re.fullmatch(_STRONG, said) is not None or _near(match.span(), text)


def _near(span: tuple[int, int], text: str) -> bool:
    before = text[max(0, span[0] - _REACH) : span[0]]
    return bool(_BEFORE.search(before) or _AFTER.match(text, span[1]))


def _bare(text: str) -> Iterator[Zone]:
    """(2)."""
    for match in _BARE.finditer(text):
        before = text[: match.start()]
        said = match.group().strip()
        if _CLOCK_BEFORE.search(before[-_REACH:]) is None:
            continue
        glued = not match.group()[0].isspace()
        if said[0] == "+":
            yield Zone(*match.span(), _offset(said) if glued or len(said) > len("+1") else None)
        elif _STAMPED.search(before) or (_DAY_SAID.search(before) and _ENDING.search(before)):
            yield Zone(*match.span(), _offset(said))
        elif re.fullmatch(r".\d{4}", said):
            yield Zone(
                *match.span(), None if glued and not _ENDING.search(before) else _offset(said)
            )


def _places(text: str) -> Iterator[Zone]:
    for pattern in _PLACES:
        for match in pattern.finditer(text):
            yield Zone(*match.span("zone"), None)


def _offset(said: str) -> timedelta | None:
    """An offset in digits; None where no clock on earth has it."""
    sign = 1 if "+" in said else -1
    digits = re.sub(r"\D", "", said)
    hours, minutes = (digits, "0") if len(digits) <= len("00") else (digits[:-2], digits[-2:])
    offset = sign * timedelta(hours=int(hours), minutes=int(minutes))
    return offset if abs(offset) <= abs(_MOST[sign]) else None


def _beside(text: str, zone: Zone, span: tuple[int, int]) -> bool:
    """Whether nothing but blanks and small words stand between a zone and a time."""
    if zone.start < span[1] and span[0] < zone.end:
        return True
    (_, low), (high, _) = sorted((zone.span, span))
    return _GAP.fullmatch(text[low:high]) is not None
