"""The words people use for time in four languages: patterns, numbers and lengths."""

import re
from datetime import timedelta

from govagents.perception.words import fold

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8,
    "neuf": 9, "dix": 10, "quinze": 15, "vingt": 20, "trente": 30, "uno": 1, "una": 1, "dos": 2,
    "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "ein": 1, "eine": 1, "einen": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5,
    "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "zwanzig": 20,
}  # fmt: skip
_HALVES = {"half": 30, "halbe": 30, "demi": 30, "demie": 30, "media": 30}

_UNITS = {
    "min": r"min|mins|minutes?|minuten?|minutos?|m(?=\b)",
    "hour": r"hours?|hrs?|h|heures?|horas?|stunden?|std",
    "day": r"days?|d|jours?|journée|d[ií]as?|tage?n?",
    "week": r"weeks?|wks?|w|semaines?|semanas?|wochen?",
    "month": r"months?|mois|meses|mes|monate?n?",
    "year": r"years?|yrs?|ans?|années?|años?|jahre?n?",
}
_NOON = 12
_MOST_UNITS = 10_000.0
_LENGTHS = {
    "min": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1),
    "week": timedelta(weeks=1), "month": timedelta(days=30), "year": timedelta(days=365),
}  # fmt: skip
_UNIT = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _UNITS.items())
_WORD = "|".join(sorted(_NUMBERS, key=len, reverse=True))

_WEEKDAY = (
    r"(?:mon|tues?|wednes|thurs?|fri|satur|sun)day|mon|tue|wed|thu|fri"
    r"|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    r"|lunes|martes|mi[ée]rcoles|jueves|viernes|s[áa]bado|domingo"
    r"|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
)
_MONTH = (
    r"jan(?:uary|vier|uar)?|feb(?:ruary|ruar)?|février|mar(?:ch|s|zo)?|märz|apr(?:il)?|avril|abril"
    r"|may|mai|mayo|june?|juin|juni|junio|july?|juillet|juli|julio|aug(?:ust)?|août|agosto"
    r"|sep(?:t|tember|tembre|tiembre)?|oct(?:ober|obre|ubre)?|oktober|nov(?:ember|embre|iembre)?"
    r"|dec(?:ember)?|décembre|diciembre|dezember|enero|febrero"
)
_TODAY = r"today|tonight|aujourd['’]hui|hoy|heute"
_TOMORROW = r"tom{1,2}or{1,2}ow|tmrw|tmr|tmw"
_DATES = (
    rf"yesterday|gestern|ayer|(?:the\s+)?day\s+after\s+tomorrow|{_TOMORROW}|demain|mañana|morgen|{_TODAY}"
    rf"|(?:(?:this|next|coming)\s+)?(?:{_WEEKDAY})\b(?!['’]s)"
    r"|\d{4}-\d{2}-\d{2}"
    rf"|(?:the\s+)?\d{{1,2}}(?:st|nd|rd|th|\.|er)?\s+(?:of\s+|de\s+)?(?:{_MONTH})\b"
    r"(?:,?\s+(?:de\s+)?\d{4})?"
    rf"|(?:{_MONTH})\s+\d{{1,2}}(?:st|nd|rd|th)?\b(?!:)(?:,?\s+\d{{4}})?"
    r"|(?<![.\d])\d{1,2}[./]\d{1,2}(?:[./](?:\d{4})?)?(?![.:\d])"
    r"|the\s+\d{1,2}(?:st|nd|rd|th)\b(?!\s+(?:floor|of|line|row|time|attempt))"
    r"|(?:the\s+)?end\s+of\s+(?:the\s+|this\s+)?(?:day|week|month)|eod|cob|close\s+of\s+business"
)
_THAT = r"(?:on\s+)?that\s+(?:same\s+)?(?:day|morning|afternoon|evening)|the\s+same\s+day"
_PART = (
    r"noon|midday|midnight|midi|minuit|mittag|mitternacht|mediod[ií]a|medianoche"
    r"|(?:this\s+|in\s+the\s+)?(?:morning|afternoon|evening)|matin|soir|abend"
)
_CLOCK = (
    r"(?:[01]?\d|2[0-4])\s?[:.h]\s?[0-5]\d(?:\s?(?:am|pm|uhr|h\b))?"
    r"|(?:1[0-2]|0?[1-9])\s?(?:am|pm)\b|(?:[01]?\d|2[0-3])\s?(?:uhr|o['’]clock)"
    # "2h" is a length where nothing says that it is an hour of the day
    r"|(?:(?<=à\s)|(?<=las\s)|(?<=at\s)|(?<=um\s)|(?<=de\s)|(?<=vers\s)|(?=0\d|1[3-9]|2[0-3]))"
    r"(?:[01]?\d|2[0-3])\s?(?:h\b|heures)"
)
_JOIN = r"(?:T(?=\d)|\s*,?\s*(?:at|um|à|a\s+las?|@|by|until|till|à|,)?\s*)"


def _rx(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SURE = (
    r"until|till|til|up\s+to|valid\s+to|no(?:t)?\s+later\s+than|at\s+the\s+latest|latest|ending|ends?"
    r"|expir(?:es|ing)|hasta|jusqu['’](?:à|au|aux|en)?|bis(?:\s+(?:zum|um))?|gone\s+by|over\s+by"
)


class Said:
    """Patterns of time in running text; the first ten are parts of patterns."""

    TODAY_SAID, TOMORROW = _TODAY, _TOMORROW
    DATES, CLOCK, PARTS, MONTHS, WEEKDAYS = _DATES, _CLOCK, _PART, _MONTH, _WEEKDAY
    NUMBERS, TODAYS = _WORD, r"(?:today|hoy|heute|aujourd['’]hui)\b"
    UNITS = "|".join(_UNITS.values())
    DAY = _rx(rf"\b(?:{_DATES})(?!\w)")
    THAT_DAY = _rx(_THAT)
    TODAY = _rx(
        rf"\b(?:{_TODAY}|this\s+(?:morning|afternoon|evening)"
        r"|(?:the\s+)?rest\s+of\s+the\s+(?:day|week)|overnight)\b"
    )
    WEEK = _rx(r"\bweek\b")
    NIGHT = _rx(r"tonight")
    TICKET_WINDOW = _rx(r"\b(?:window|maintenance\s+slot|fenêtre|ventana|wartungsfenster)\b")
    OPEN_END = _rx(
        r"\b(?:(?:for\s+)?a\s+while|off\s+and\s+on|on\s+and\s+off|as\s+long\s+as|indefinitely|forever"
        r"|permanent(?:ly)?|until\s+further\s+notice|for\s+the\s+time\s+being|open[- ]ended"
        r"|until\s+(?:i['’]?m|i\s+am|we\s+are|we['’]re|it['’]?s|it\s+is|this\s+is|that\s+is)\s+"
        r"(?:done|fixed|finished|over|sorted|solved|through)|(?:a|for\s+some|some)\s+(?:few\s+)?"
        r"(?:time|days|hours|weeks)|whenever|from\s+now\s+on|every\s+(?:now\s+and\s+then|week|day|month))\b"
    )
    BEFORE_PAST = _rx(
        r"\b(?:every|each|last|past|previous|than|was|were|been|down|lags?\s+by|old|over\s+the|letzten"
        r"|derni[eè]re?s|[uú]ltim[ao]s|once|twice|times|since|vor|hace"
        r"|(?:took|taken|lasted|(?:it|that|this|they|them)\s+needed)(?:\s+(?:me|us|him|her|them))?"
        r"(?:\s+(?:only|just|about|around|almost|nearly|over|some|at|least|more|less|the|whole|good|a)){0,3})"
        r"\s*(?:from\s+)?$"
    )
    AFTER_PAST = _rx(
        r"\s*(?:ago\b|old\b|earlier\b|late\b|before\b|later\b|in\s+arrears|['’]s?\s+notice)"
    )
    TAIL = _rx(r"\s*(?:please|pls|thanks|is\s|should|would|will\s+do|max|only|\(|\)|[.,;!]|$)")
    RANGE = _rx(
        rf"(?P<cue>\b(?:from|start(?:s|ing)?(?:\s+(?:at|on|from))?|between|de|desde|von|zwischen|entre)\s+)?"
        rf"(?:\b(?P<day1>{_DATES}|{_THAT}){_JOIN})?(?:(?:from|between|de|von|zwischen)\s+)?"
        rf"(?P<clock1>\b{_CLOCK}|(?<=from\s)\d{{1,2}}\b|(?<=between\s)\d{{1,2}}\b)"
        rf"(?:\s*(?:-|–|—|/)\s*|\s*,?\s+(?:to|until|till|til|and|(?:and\s+)?end(?:s|ing)?(?:\s+at)?|bis|und|à|a|y|et|hasta)\s+(?:las\s+)?)"
        rf"(?:(?P<day2>{_DATES}){_JOIN})?(?P<clock2>{_CLOCK}|\d{{1,2}}\b(?!\s+(?:{_MONTH})\b))(?:\s+(?:on\s+)?(?P<day3>{_DATES}|{_THAT}))?"
    )
    UNTIL = _rx(
        rf"(?:\b(?P<day0>{_DATES})\s*,?\s*)?"
        rf"\b(?:(?P<sure>{_SURE})|(?P<weak>by|before|through|avant|antes\s+de|vor))\s+"
        r"(?:(?:the|el|la|las|le|à|at|on|am|um|dem|zum|about|around)\s+){0,2}"
        rf"(?:(?:my|the|our)\s[^.,;:!?\d]{{3,40}}?\b(?:at|um|à|a\s+las)\s+)?"
        rf"(?:(?P<day>{_DATES}|{_THAT})(?:{_JOIN}(?:(?P<clock>{_CLOCK})|(?P<part>{_PART})"
        rf"|(?:(?<=at\s)|(?<=by\s))(?P<hour>\d{{1,2}}\b(?![-:.]\d)|five|six|seven|eight|nine|ten|eleven"
        r"|one|two|three|four|twelve)\b))?"
        rf"|(?P<clock0>{_CLOCK}|{_PART})(?:\s*(?:on|,|that)?\s*(?P<after>{_DATES}|{_THAT}))?"
        rf"|(?P<bare>\b(?:[1-9]|1\d|2[0-3])\b(?![-:.,]\d)(?!\s?%)|five|six|seven|eight|nine|ten|eleven"
        rf"|three|four|twelve)\b(?!\s+\w+\s+(?:of|for))(?!\s?(?:{'|'.join(_UNITS.values())})\b))"
    )
    DURATION = _rx(
        rf"(?P<cue>\b(?:for|within|of|give\s+me|next|during|pendant|durante|während|für|por)\s+"
        rf"(?:(?:the|a|another|about|around|some|up\s+to|max(?:imum)?|les|las|los|die|der|den)\s+)?"
        rf"(?:(?:next|prochaines?|pr[oó]xim[ao]s|nächsten?)\s+)?)?"
        rf"(?<![\w:.-])(?:(?P<half>half|une?\s+demi|media|eine\s+halbe)[\s-]+(?:an?\s+|de\s+)?"
        rf"|(?P<quarters>three\s+quarters\s+of\s+an|a\s+quarter\s+of\s+an)\s+"
        rf"|(?P<couple>(?:a\s+)?couple\s+of|un\s+par\s+de|ein\s+paar)\s+"
        rf"|(?:(?P<digits>\d+(?:[.,]\d+)?)\s?-?|(?P<number>{_WORD})(?:\s+|-))(?P<andhalf>and\s+a\s+half\s+|½\s?)?"
        r"(?:more\s+|full\s+|whole\s+)?"
        r"|(?P<next>(?<=\bnext\s)|(?<=\bnächste\s)|(?<=\bprochaine\s)|(?<=\bpróxima\s)))"
        rf"(?:{_UNIT})(?P<tail>\s+and\s+a\s+half|(?<=h)[0-5]\d(?:min|m)?)?(?!\w)"
    )
    STARTING = _rx(
        rf"(?:\b(?P<day0>{_DATES})\s*,?\s+)?\b(?:from|start(?:s|ing)?|beginning|as\s+of|desde|à\s+partir\s+de|ab)\s+(?:on\s+|at\s+|the\s+)*"
        rf"(?:(?P<day>{_DATES})(?:{_JOIN}(?P<clock>{_CLOCK}|(?<=at\s)\d{{1,2}}\b))?|(?P<clock0>{_CLOCK}))"
        rf"|\b(?P<day1>{_DATES}){_JOIN}(?P<clock1>{_CLOCK}|(?<=at\s)\d{{1,2}}\b)(?=\s*,?\s+for\s)"
    )
    YET_TO_BEGIN = _rx(
        r"(?<!log\s)(?<!sign\s)\b(?:in|dans|en|dentro\s+de|after|nach)\s+(?:about\s+|the\s+)?$"
    )
    SOME_END = _rx(r"\b(?:until|till|hasta|jusqu['’]\w+)\s+(?!now\b)[^\W\d_]+(?:\s+[^\W\d_]+)?")
    AMOUNT = _rx(r"\bby\s+$")
    ON = _rx(r"\b(?:on|am|from)\s+$")
    LAST_WORD = re.compile(r"([^\W\d_]+)\s+$")
    WHAT_STARTS = frozenset(
        "access and can it may must of please shall should slot then to will window work".split()
    )
    HOURS = _rx(
        rf"\b(?P<day>{_DATES}){_JOIN}(?P<clock1>\d{{1,2}})\s?[-–]\s?(?P<clock2>\d{{1,2}})\b(?![-:.,/]?\d)"
    )
    DOTTED = _rx(r"(?<=[\d\s])([ap])\.m\.(?!\w)")
    LABEL = _rx(r"\b(start(?:s|ing)?|from|ends?|ending|until|till):(?=\s)")
    STAMP = re.compile(r"(?<=\d)T(?=\d\d:)|(?<=:\d\d):\d\d(?:[.,]\d+)?(?!\d)")


_PARTS = (
    (re.compile(r"overnight|tonight"), (30, 0)),
    (re.compile(r"\bnoon|midday|midi$|mittag|mediod|morning|matin"), (12, 0)),
    (re.compile(r"midnight|minuit|mitternacht|medianoche"), (24, 0)),
)


def number(said: str) -> int:
    """A number in digits or in words."""
    return int(said) if said.isdigit() else _NUMBERS[said.casefold()]


def clock(said: str | None) -> tuple[int, int]:
    """Hour and minute.

    >>> clock("2 pm"), clock("06:30"), clock("18h"), clock("noon")
    ((14, 0), (6, 30), (18, 0), (12, 0))
    """
    folded = fold(said or "")
    digits = re.match(r"(\d{1,2})(?:\s?[:.h]\s?(\d{2}))?(?!\d)", folded)
    if digits is None:
        return going_home(folded)
    hour, minute = int(digits[1]), int(digits[2] or 0)
    if "pm" in folded and hour < _NOON:
        return (hour + _NOON, minute)
    return (0 if "am" in folded and hour == _NOON else hour, minute)


def going_home(said: str | None) -> tuple[int, int]:
    """When a day or a part of it is over: 18:00 unless its name says otherwise.

    >>> going_home("Friday"), going_home("this morning"), going_home("this afternoon")
    ((18, 0), (12, 0), (18, 0))
    """
    folded = fold(said or "")
    return next((value for pattern, value in _PARTS if pattern.search(folded)), (18, 0))


def length(match: re.Match[str]) -> timedelta:
    """How long a match of `DURATION` lasts."""
    each = unit(match)
    if match["half"]:
        return each / 2
    if match["quarters"]:
        return each * (3 if match["quarters"].casefold().startswith("three") else 1) / 4
    said = "2" if match["couple"] else match["digits"] or match["number"] or "1"
    tail = match["tail"] or ""
    minutes = re.sub(r"\D", "", tail)
    halves = bool(match["andhalf"]) or "half" in tail
    amount = float(said.replace(",", ".")) if said[0].isdigit() else number(said)
    amount = min(amount, _MOST_UNITS)  # far beyond every window, and still a timedelta
    return each * (amount + halves / 2) + timedelta(minutes=int(minutes or 0))


def unit(match: re.Match[str]) -> timedelta:
    """The unit a match of `DURATION` counts in."""
    return next(_LENGTHS[name] for name in _UNITS if match[name])


def next_period(match: re.Match[str], text: str) -> bool:
    """Whether "next week" names a week to come; "the next week" is seven days from now."""
    if match["next"] is None or unit(match) < _LENGTHS["day"]:
        return False
    return re.search(r"\bthe\s+next\s+$", text[: match.end("next")], re.IGNORECASE) is None
