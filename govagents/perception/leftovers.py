"""What is said about time and no window accounts for: then the window is a question, not a guess.

1. Dates in digits, clock times and starts ("from ...", "starting ...") must be part of the window
   chosen, or belong to what happened.
2. "Next Monday for two hours" and "in two weeks for a day" name no clock time to start at.
3. Two ends that differ, "until Friday but at most 2h", are one too many.
4. A length of nothing or below it ("for minus two hours"), and yesterday as a time of access, are
   no window.
5. Two lengths to choose from ("2 or 3 hours"), a least length, and access that comes again ("2h
   every Monday") are no window either.
6. "In two hours", "next week", "at the weekend" and "noon" name a time, not a length: what begins
   then must be part of the window.
7. What stands beside "every morning", "weekdays" or "daily" comes again: one window is not what
   was asked for.
8. Hours and lengths said by a number alone ("9-5", "at 10", "for 30") or in a unit that is none
   here ("for 3 shifts", "PT2H") are no window. Where no other was said a row of numbers is taken
   for hours too, and a time ago for one meant; not the numbers of things ("racks 13 to 14").
"""

import re
from collections.abc import Sequence

from govagents.perception.clockwords import Said
from govagents.perception.happened import happened

_TOKEN = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}}|(?:[01]?\d|2[0-4]):[0-5]\d"
    rf"|(?:1[0-2]|0?[1-9])\s?(?:am|pm))\b"
    rf"|\b(?:starting|starts?(?=\s+(?:on|at|from|\d))|beginning)\s+(?:on\s+|at\s+|from\s+)?"
    rf"(?:{Said.DATES}|{Said.CLOCK}|\d{{1,2}})\b",
    re.IGNORECASE,
)
_START_ONLY = re.compile(
    rf"(?<!until\s)(?<!till\s)(?<!by\s)\b(?!{Said.TODAYS})(?:{Said.DATES})(?:\s+at\s+\d{{1,2}})?\s+for\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b"
    rf"|\b(?:{Said.MONTHS})\s+for\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b"
    rf"|\bin\s+(?:an?|\d+|\w+)\s+(?:{Said.UNITS})\s+for\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b",
    re.IGNORECASE,
)
# bounded, and tried at the beginning of a word alone: a row of digits would be tried from each
_DIGITS = r"\d{1,9}(?:[.,]\d{1,9})?"
_LENGTH = rf"\b(?:half\s+an\s+|{_DIGITS}\s?|(?:{Said.NUMBERS})\s+)(?:{Said.UNITS})\b"  # not "in AD"
_NEVER = re.compile(
    rf"\b(?:an?|{_DIGITS}|{Said.NUMBERS})\s?(?:{Said.UNITS})?\s*,?\s*"
    rf"(?:-|–|—|/|\b(?:to|or|maybe|perhaps|possibly|oder|bis|ou|à|o|a)\b)\s*(?:maybe\s+|even\s+)?{_LENGTH}"
    rf"|\bbetween\s+(?:\d+|{Said.NUMBERS})\s+and\s+{_LENGTH}"
    rf"|\b(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?|mindestens|au\s+moins|al\s+menos)\s+{_LENGTH}"
    rf"|(?:(?<!ing\s)\bfor\s+|\bneed\s+|[,;.(]\s*|^)(?:(?:a\s+bit|slightly|much)\s+)?"
    rf"(?:less|fewer|shorter|longer|more)\s+than\s+{_LENGTH}"
    rf"|{_LENGTH}\s+(?:before|after)\s+(?:{Said.DATES}|{Said.CLOCK})"
    rf"|\b(?:(?:every|each)\s+(?:{Said.WEEKDAYS}|day|night|morning|evening|week)|(?:{Said.WEEKDAYS})s|daily)"
    rf"\s+(?:from\s+|at\s+|between\s+)?(?:{Said.CLOCK})"
    rf"|{_LENGTH}\s+(?:(?:each|every|per|a)\s+(?:week)?(?:{Said.UNITS}|{Said.WEEKDAYS}|night|morning|evening)"
    rf"|daily|weekly|on\s+(?:{Said.WEEKDAYS}|weekday)s)\b",
    re.IGNORECASE,
)
_THEN = re.compile(
    rf"(?<!log\s)(?<!sign\s)\b(?:in|dans|en|dentro\s+de)\s+(?:about\s+)?{_LENGTH}"
    r"|(?<!the\s)\b(?:next|following|nächste[nr]?|kommende[nr]?|pr[oó]xim[ao]|prochaine?)\s+"
    r"(?:week|month|quarter|year|woche|monat|jahr|semana|mes|año|semaine|mois|année)\b(?!['’]s)"
    r"|\b(?:semana|semaine|mes|mois)\s+(?:prochaine?|pr[oó]xim[ao]|que\s+viene)\b"
    r"|\b(?:at|over|on|during|for|this|next|coming|am)\s+(?:the\s+)?(?:weekend|week-end|wochenende)\b(?!['’]s)"
    r"|\b(?:noon|midday|midnight|midi|minuit|mittag|mitternacht|mediod[ií]a|medianoche)\b"
    r"|\b(?:after|before|over)\s+(?:lunch|breakfast|dinner|work|hours)\b",
    re.IGNORECASE,
)
_AT_MOST = re.compile(
    rf"\b(?:at\s+most|max(?:imum)?|no\s+more\s+than|not\s+more\s+than)\s+(?:an?|\d+|\w+)\s?(?:{Said.UNITS})\b",
    re.IGNORECASE,
)
_NOTHING = r"zero|nought|null|nil|cero|zéro"
_NO_WINDOW = re.compile(
    rf"(?<![\w)])[-−](?:{_DIGITS}|{Said.NUMBERS})\s?(?:{Said.UNITS})\b"
    rf"|\b(?:for|during|within)\s+[-−–]\s*(?:{_DIGITS}|{Said.NUMBERS})\s?(?:{Said.UNITS})\b"
    rf"|(?<!\bau\s)(?<!\bal\s)\b(?:minus|negative|moins|menos)\s+(?:{_DIGITS}|{Said.NUMBERS})\s?(?:{Said.UNITS})\b"
    rf"|\b(?:less\s+than\s+)?(?:{_NOTHING})\s+(?:full\s+|whole\s+)?(?:{Said.UNITS})\b(?=\s*(?:[.,;!?)]|please\b|\Z))"
    rf"|\b(?:for|during|within)\s+(?:less\s+than\s+)?(?:{_NOTHING}|no)\s+(?:{Said.UNITS}|time)\b"
    rf"|\bfor\s+(?:an?\s+negative|(?:less\s+than\s+)?nothing\b)"
    rf"|{_LENGTH}\s+(?:backwards?|into\s+the\s+past)\b"
    r"|\b(?:for|from|starting|during)\s+(?:yesterday|gestern|ayer|hier)\b(?!['’])"
    r"|\b(?:yesterday|gestern|ayer)(?=\s*[.!]?\s*$)",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:was|were|did|had|what|who|which|how|went|since|until|till|broke|sent|ran|of)\b"
    r"|\w+ed\s+(?:\w+\s+)?yesterday",
    re.IGNORECASE,
)
_FAR = re.compile(
    r"\b(?:for|until|till|up\s+to)\s+(?:(?:an?|the|one|two|three|several|\d+)\s+)?"
    r"(?:decades?|centur(?:y|ies)|millenni\w+|lifetimes?|eternity|end\s+of\s+(?:all\s+)?(?:time|days)\b"
    r"|year\s+\d{4,})"
    r"|\b\d{5,}-\d{2}-\d{2}\b"
    rf"|\b(?:until|till|to)\s+(?:\d{{1,2}}\s+)?(?:{Said.MONTHS})\s+\d{{5,}}\b"
    r"|\b(?:until|till)\s+\d{5,}\b",
    re.IGNORECASE,
)


_AGAIN = re.compile(
    rf"\b(?:(?:every|each)\s+(?:(?:other|second|single|working|business)\s+)?"
    rf"(?:{Said.WEEKDAYS}|(?:week|work)?days?|night|morning|afternoon|evening|week|weekend|shift|month)"
    rf"|(?:mornings|afternoons|evenings|nights|(?:week|work)(?:days|nights|ends)|(?:{Said.WEEKDAYS})s)"
    r"|(?:once|twice|\w+\s+times)\s+(?:a|per|each|every)\s+(?:day|night|week|month)|all\s+(?:week|month)"
    r"|daily|nightly|weekly|monthly|täglich|werktags|(?:jede[nrs]?|chaque|cada)\s+[^\W\d_]+"
    r"|tou(?:s|tes)\s+les\s+[^\W\d_]+|tod[oa]s\s+l[oa]s\s+[^\W\d_]+)\b(?!['’])",
    re.IGNORECASE,
)
_BESIDE = re.compile(
    r"[\s,;:(–-]*(?:(?:this|next)\s+(?:week|month)\s*,?\s*)?"
    r"(?:(?:on|at|from|between|for|um|de|à|a\s+las|von)\s+){0,2}",
    re.IGNORECASE,
)

_HOUR = r"(?:[01]?\d|2[0-4])"
_ENDING = (  # no noun follows: "5 to 10 trucks" are trucks
    r"(?=\s*(?:[,;!?)\n]|\.(?!\d)|\Z)|\s+(?:please|pls|thanks|thx|only|max|utc|cet|and|for|on|or|so"
    rf"|because|since|as|bitte|por|svp|{Said.DATES})\b)"
)
_HOURS_ALONE = re.compile(
    rf"(?<![\w.,:/#+€$£-]){_HOUR}\s?(?:-|–|—|\b(?:to|till?|until|bis)\b)\s?{_HOUR}\b{_ENDING}",
    re.IGNORECASE,
)
_CUE = re.compile(
    rf"(?:^|[.,;:!?(\n]|\b(?:from|between|for|at|only|just|um|von|de)|\b(?:{Said.DATES}))\s*$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:no|nr|num|number|bw|id|v|version|release|rack|row|bed|bay|aisle|shelf|dock|gate|door|ramp"
    r"|room|floor|level|zone|line|lane|page|item|position|step|section|chapter|part|paragraph|clause"
    r"|rule|order|tour|trip|ticket|invoice|truck|trailer|tractor|vehicle|node|pod|shard|port|host"
    r"|server|cluster|partition|week|kw|grade|tier|class|score|batch|stop|site|wave|priority|rank)"
    r"(?:e?s)?\.?\s*$|\bshelves\s*$",
    re.IGNORECASE,
)
_UNITS_UNKNOWN = (
    r"seconds?|secs?|moments?|shifts?|fortnights?|nights?|mornings?|afternoons?|evenings?|weekends?"
    r"|sprints?|quarters?|sessions?|jiffy|instants?|lunch(?:\s+break)?s?|breaks?"
    r"|(?:business|working|work|calendar)[\s-]?(?:hours?|days?|weeks?)|schicht(?:en)?|turnos?"
)
_NUMBER_ALONE = re.compile(
    rf"(?:\b(?:at|um|à|a\s+las|after|around)|@)\s+(?:{_HOUR}|{Said.NUMBERS})\b{_ENDING}"
    rf"|\bfor\s+(?:(?:about|around|only|just|another|max|up\s+to)\s+)*"
    rf"(?:(?:\d{{1,4}}|(?!an?\b|one\b){Said.NUMBERS})\b{_ENDING}"
    rf"|(?:\d{{1,4}}|a\s+few|a\s+couple\s+of|several|{Said.NUMBERS})\s+"
    rf"(?:(?:short|brief|little|few|full|whole)\s+)?(?:{_UNITS_UNKNOWN})\b)"
    rf"|[½¼¾⅓⅔]\s?(?:of\s+)?(?:an?\s+)?(?:{Said.UNITS})\b"
    r"|\bP(?=T?\d)(?:\d{1,4}[YMWD]){0,4}(?:T(?:\d{1,4}[HMS]){1,3})?\b(?<=[YMWDHS])",
    re.IGNORECASE,
)
_AGO = re.compile(rf"{_LENGTH}\s+ago\b", re.IGNORECASE)


def unread(
    text: str, accounted: Sequence[tuple[int, int]], *, alone: bool
) -> tuple[tuple[int, int], ...]:
    """(8): outside `accounted`; `alone`: no window was said.

    >>> text = "see the logs 9-5"
    >>> unread(text, (), alone=True), unread(text, (), alone=False)
    (((13, 16),), ())
    """
    found = _spans(_NUMBER_ALONE, text)
    found += [span for span in _spans(_HOURS_ALONE, text) if _hours(text[: span[0]], alone=alone)]
    if alone:
        found += [span for span in _spans(_AGO, text) if not happened(text, span)]
    return tuple(span for span in sorted(found) if not _covered(span, accounted))


def _hours(before: str, *, alone: bool) -> bool:
    if _NUMBERED.search(before):
        return False
    return alone or _CUE.search(before) is not None


def recurring(text: str, own: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """(7): words beside the window, whose words stand at `own`, that make it come again.

    >>> recurring("every morning from 6 to 8", [(14, 25)])
    ((0, 13),)
    """
    return tuple(
        match.span()
        for match in _AGAIN.finditer(text)
        if any(_beside(text, match.span(), span) for span in own)
    )


def _beside(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    (_, low), (high, _) = sorted((one, other))
    return low > high or _BESIDE.fullmatch(text[low:high]) is not None


def far(text: str) -> str | None:
    """The words that name an end beyond every calendar: a decade, the end of time, the year 12000.

    >>> far("the logs for a decade")
    'for a decade'
    """
    found = _FAR.search(text)
    return None if found is None else found.group()


def leftover(
    text: str, accounted: Sequence[tuple[int, int]], *, until: bool
) -> tuple[tuple[int, int], ...]:
    """Spans about time outside `accounted`; `until`: the window chosen ends where "until" says."""
    told = _TOLD.search(text) is not None
    found = [  # (4)
        match.span()
        for match in _NO_WINDOW.finditer(text)
        if not (told and match.group().casefold() in {"yesterday", "gestern", "ayer"})
    ]
    found += [span for span in _spans(_TOKEN, text) if not _covered(span, accounted)]  # (1)
    found += [  # (2)
        span for span in _spans(_START_ONLY, text) if not _inside(span[0], accounted)
    ]
    found += _spans(_NEVER, text)  # (5)
    found += [  # (6)
        span
        for span in _spans(_THEN, text)
        if not _covered(span, accounted) and not happened(text, span)
    ]
    if until:  # (3)
        found += [span for span in _spans(_AT_MOST, text) if not _covered(span, accounted)]
    return tuple(sorted(found))


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [
        match.span()
        for match in pattern.finditer(text)
        if not Said.BEFORE_PAST.search(text[: match.start()])
        and not Said.AFTER_PAST.match(text[match.end() :])
    ]


def _covered(span: tuple[int, int], accounted: Sequence[tuple[int, int]]) -> bool:
    return any(low < span[1] and span[0] < high for low, high in accounted)


def _inside(at: int, accounted: Sequence[tuple[int, int]]) -> bool:
    return any(low <= at < high for low, high in accounted)
