"""Whether somebody other than the speaker may be in need, whom no name settles.

1. "He needs", "she'll want", "they both must": the one in need is a third person. A wish of the
   speaker's own that comes later counts more ("he needs his book, I want to look it up").
2. Whoever stands before "needs", "wants" or "must" is a person where the word means people, where
   it is a name no catalog knows, or where only a person does what follows ("needs to see").
   A thing may need to be mended: that is the speaker's errand.
3. "For the new guy" is for them where looking or access is asked for. Work done on what belongs to
   them ("unlock the accounts for my team") is the speaker's.
4. "Us both", "Zoé and I", "on behalf of the team" are more than the speaker, or another.
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from govagents.perception.index import key_of
from govagents.perception.people import is_person
from govagents.perception.vocabulary import CHANGES, READS, STOP
from govagents.perception.words import Word, words

_Knows = Callable[[str], bool]


class _Subject(NamedTuple):
    """The words before a verb of need: where they stand, and what is needed."""

    start: int
    end: int
    said: str
    verb: str
    rest: str


_ADVERB = (
    r"(?:(?:both|all|also|still|now|really|just|only|urgently|currently|probably|definitely|again"
    r"|will|would|does|do|has|have|is|are)\s+){0,2}"
)
_NEED = (
    r"(?:needs?|wants?|requires?|must|ha(?:s|ve)\s+to|should|ought\s+to|would\s+like|asks?\s+for"
    r"|asking\s+for|asked\s+for|going\s+to\s+(?:need|want|have)|supposed\s+to|to\s+(?:get|have|receive)|wishes|lacks?|missing)\b"
)
_WISH = re.compile(
    r"\b(?:I|we)(?:['’](?:d|ll|ve))?\s+(?:\w+\s+){0,2}?(?:need|want|must|have\s+to|like\s+to|wish"
    r"|should|request|require|do)\b|\bI['’](?:d|ll|m)\s+(?!(?:out|off|away|on|not|sick|ill|leaving)\b)"
    r"|\b(?:can|could|may|might|shall)\s+(?:I|we)\b|\b(?:let|give|grant|allow|enable)\s+(?:me|us)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    rf"\b(?:s?he|they)(?:['’](?:ll|d|s|re|ve))?\s+{_ADVERB}(?:{_NEED}|like\s+(?:to|the|access)\b)"
    r"(?!\s+(?:me\b|(?:to\s+)?be\s+\w+(?:ed|en)\b|\w+ing\b|it\b|this\b|an?\s+(?:re|new)"
    r"|(?:to\s+)?(?:finish|reboot|go)\b))",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"(?:^|[.!?;:,\n]\s*|\b(?:and|but|that|so|please|hi|hello)\s+)"
    rf"(?P<np>(?:[\w'’.&-]+\s+){{1,8}}?){_ADVERB}(?P<verb>{_NEED})(?P<rest>[^.!?;\n]{{0,60}})",
    re.IGNORECASE,
)
_OPENS = re.compile(r"(?:^|[.!?;:,\n–—])\s*(?:and\s+|but\s+|so\s+)?$")
_STARTS = re.compile(r"(?:^|[.!?;\n])\s*$")
_NO_SUBJECT = frozenset(
    """
    i me we you it this that there here what who whom which when where why how if because since as
    let give grant can could may might shall will please need want not no to ich je yo
    access read write only also just still urgently kindly nobody
    """.split()
)
_MANY = frozenset({"people", "ppl", "staff", "team", "crew", "squad", "both", "and", "folk"})
_SEEING = re.compile(
    r"\s+(?:to\s+)?(?:be\s+(?:able|allowed)\s+to\s+)?(?:(?:be\s+)?given\s+|have\s+|get\s+)?(?:\w+ly\s+)?"
    r"(?:see|read|view|look|check|inspect|consult|query|search|browse|use|access|rights?|permissions?"
    r"|download|export|edit|approve|clone|log\s*in"
    r"|(?:block|book|answer|send|assign|create|change|update|draft|unlock|reset|register|print|upload"
    r"|renew|correct|adjust|reopen|replay|propose|void|write)\s+(?:an?|the|our|their|his|her|\w+s)"
    r"|(?:read|write|admin|full)[- ](?:only\s+)?access)\b",
    re.IGNORECASE,
)
_SUFFERING = re.compile(
    r"\s+(?:to\s+)?be\s+(?!(?:able|allowed|given|granted)\b)\w+|\s+\w+ing\b|\s+(?:it|this|that)\b|\s+(?:me|us)\s+to\b"
    r"|\s+to\s+(?:know|hear|find|go|leave|wait)\b|\s+an?\s+re\w+|\s+(?:more|new|extra)\b",
    re.IGNORECASE,
)
_TEAM = (
    r"(?:guys?|girl|lad|bloke|newbie|newcomer|starter|joiner|hire|colleagues?|co-?workers?"
    r"|team\s*mates?|contractors?|consultants?|freelancers?|temps?|interns?|trainees?|apprentices?"
    r"|students?|auditors?|deputy|stand-?in|substitute|replacement|successor|assistant|boss|manager"
    r"|supervisor|team|crew|squad|department|folks|agency)"
)
_FOR = re.compile(
    rf"\b(?:for|to)\s+(?:an?|the|my|our|this|some|one\s+of\s+(?:my|our|the))\s+(?:[\w-]+\s+){{0,2}}?{_TEAM}\b",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    r"\b(?:access|rights?|permissions?|roles?|see|read|view|look|query|search|check|get|need|want|give|grant)\b",
    re.IGNORECASE,
)
_ABOUT_THEM = re.compile(
    r"\b(?:accounts?|passwords?|absences?|timesheets?|leaves?|holidays?|vacations?|balances?"
    r"|schedules?|shifts?|rotas?|rosters?|payslips?|salar(?:y|ies)|reviews?|trainings?|courses?"
    r"|devices?|laptops?|licen[cs]es?|costs?|factors?|tokens?|tickets?|groups?|records?|data"
    r"|applications?|budgets?|plans?|reports?)\s+$",
    re.IGNORECASE,
)
_WORK = frozenset(
    """
    unlock lock reset create assign set book raise register enrol order renew issue clear approve
    extend correct change update disable enable add upload send draft write answer close open block
    release restart rerun print swap move remove delete adjust tag
    """.split()
)
_TOGETHER = re.compile(
    r"\b(?:us|we)\s+(?:both|two|three)\b|\bus\s+all\b(?!\s+the)|\bwe\s+all\s+need\b"
    r"|\b(?:both|all|two|three|each)\s+of\s+us\b"
    r"|\b(?:me|myself)\s+(?:and|&|plus|as\s+well\s+as)\s+(?!(?:my\s+(?:work|job)|i|we|then|also|let|can)\b)[\w'’-]+"
    r"|(?:^|[.!?;:,\n]\s*)(?:(?:my|our|the)\s+)?(?:[\w'’-]+\s+){1,2}(?:and|&)\s+(?:I|me|myself)\s+"
    r"(?:both\s+|also\s+)?(?=need|want|must|should|have\s+to|would|will|are|both|access)"
    r"|\b(?:let|give|grant|for)\s+[\w'’-]+\s+(?:and|&)\s+(?:me|myself)\b"
    r"|\bwhoever\s+(?:is|has|needs|works|takes|covers)\b|\bnot\s+for\s+me\b|\bnot\s+for\s+myself\b"
    r"|\b(?:the\s+)?(?:whole|entire)\s+(?:team|crew|department|office)\b",
    re.IGNORECASE,
)
_BEHALF = re.compile(
    r"\b(?:on\s+behalf\s+of|in\s+the\s+name\s+of)\s+(?!(?:me|myself|us|ourselves)\b)"
    r"(?:[\w'’-]+\s*){1,3}",
    re.IGNORECASE,
)


def other(text: str, knows: _Knows) -> tuple[int, int] | None:
    """Where somebody else may be meant; `knows` tells the keys that name things of the catalog.

    >>> said = "she'll need to see the plates"
    >>> said[slice(*other(said, lambda key: False))]
    "she'll need"
    """
    together = _TOGETHER.search(text) or _BEHALF.search(text)  # (4)
    if together is not None and not _I_WISH.search(text, together.end()):
        return together.span()
    return pronoun(text) or _subject(text, knows) or _given_to(text) or _may(text, knows)


def asked(said: str, fitting: int) -> str:
    """The question about whoever is meant by `said`; `fitting` people are known who may be.

    >>> asked("the new guy", 0), asked("Max", 2)
    ('`the new guy` may be somebody other than you: who is it for?', '`Max`: who is it for?')
    """
    meant = " ".join(said.split())
    if _SEVERAL.search(meant):
        return f"`{meant}` are several, and one request is for one person: who is this one for?"
    if fitting:
        return f"`{meant}`: who is it for?"
    return f"`{meant}` may be somebody other than you: who is it for?"


_SEVERAL = re.compile(r"\b(?:and|both|all|us|we|team|crew|plus)\b|&", re.IGNORECASE)


_I_WISH = re.compile(r"[.!?;,]\s*(?:so\s+|and\s+)?I\s+(?:need|want|must|have\s+to)\b")


def fetched(text: str) -> tuple[int, int] | None:
    """(1): "get her the logs", "I want him to see ..."."""
    found = _FETCHED.search(text)
    return None if found is None else found.span()


_FETCHED = re.compile(
    r"\bget\s+(?:him|her)\s+(?:the|an?|some|this|that|access|rights?|permissions?|read|write|into|in|set)\b"
    r"|\bget\s+them\s+(?:the|an?|some|access|rights?|permissions?|read|write|into)\b"
    r"|\b(?:need|want|like)\s+(?:him|her|them)\s+to\s+(?!be\s+\w+(?:ed|en)\b)",
    re.IGNORECASE,
)


def pronoun(text: str) -> tuple[int, int] | None:
    """(1)."""
    last = _last_wish(text)
    for match in _PRONOUN.finditer(text):
        opens = match.start() > last and _OPENS.search(text[: match.start()])
        if last < 0 or opens:
            return match.span()
    return None


def _last_wish(text: str) -> int:
    return max((match.start() for match in _WISH.finditer(text)), default=-1)


def _subject(text: str, knows: _Knows) -> tuple[int, int] | None:
    """(2)."""
    last = _last_wish(text)
    for item in _subjects(text):
        before = text[: item.start]
        opens = item.start > last and (
            _OPENS.search(before) if _SEEING.match(item.rest) else _STARTS.search(before)
        )
        if (last < 0 or opens) and _needy(item, knows, commanded=commanded(before, knows)):
            return (item.start, item.end)
    return None


def _subjects(text: str) -> Iterator[_Subject]:
    for match in _SUBJECT.finditer(text):
        said = match["np"].rstrip()
        start = match.start("np")
        yield _Subject(start, start + len(said), said, match["verb"], match["rest"])


def commanded(text: str, knows: _Knows) -> bool:
    """Whether a clause opens with work to be done or a thing known: the speaker's own wish.

    >>> commanded("block a card, ", bool), commanded("He is off, ", lambda key: False)
    (True, False)
    """
    opening = (words(part)[:1] for part in re.split(r"[.!?;:,\n]", text))
    keys = {key for said in opening for word in said for key in (word.folded, key_of(word.folded))}
    return bool(keys & _ORDERS) or any(key not in STOP and knows(key) for key in keys)


_ORDERS = (
    _WORK | CHANGES | READS | {"access", "replay", "drain", "load", "retry", "scale", "prepare"}
)


def _needy(item: _Subject, knows: _Knows, *, commanded: bool) -> bool:
    said = words(item.said)
    core = _core(said)
    if not core or {word.folded for word in core[:1]} & _NO_SUBJECT:
        return False
    if any(word.folded in {"i", "we", "you", "it"} or word.text.isdigit() for word in said):
        return False
    errand = item.verb.casefold() == "wants" and re.match(r"\s+an?\s", item.rest)
    if errand or _SUFFERING.match(item.rest) or not _agree(core, item.verb):
        return False
    people = is_person(core[-1].folded)
    sees = _does_what_people_do(core, item.rest)
    if commanded:
        return people and sees
    return people or sees or _unknown_name(core, knows)


_WITHIN = frozenset({"from", "of", "at", "in", "on", "with", "who", "that", "for", "next"})


def _core(said: tuple[Word, ...]) -> tuple[Word, ...]:
    """What stands before "from the agency" and its like."""
    cut = next((at for at, word in enumerate(said) if word.folded in _WITHIN), len(said))
    return said[:cut]


def _agree(core: tuple[Word, ...], verb: str) -> bool:
    """Whether they fit each other: "audit need" is no subject and its verb, it lacks an s."""
    plural = core[-1].folded.endswith("s") or bool({word.folded for word in core} & _MANY)
    bare = re.fullmatch(r"need|want|require|have\s+to|lack", verb, re.IGNORECASE)
    return plural or not bare


def _unknown_name(core: tuple[Word, ...], knows: _Knows) -> bool:
    def named(word: Word) -> bool:
        strange = not knows(key_of(word.folded)) and word.folded not in STOP
        return word.text[:1].isupper() and word.text.isalpha() and strange

    return named(core[-1])


def _does_what_people_do(core: tuple[Word, ...], rest: str) -> bool:
    return core[-1].folded not in STOP and bool(_SEEING.match(rest))


def _may(text: str, knows: _Knows) -> tuple[int, int] | None:
    """(2): "can my intern run ...?", "my deputy starts today and will need ..."."""
    found = _CAN.search(text) or (_LATER.search(text) if _last_wish(text) < 0 else None)
    if found is not None:
        return found.span()
    for match in _CAN_NAME.finditer(text):
        key = key_of(match["name"].casefold())
        if not knows(key) and match["name"].casefold() not in STOP:
            return match.span("name")
    return None


_SOMEBODY = rf"(?:an?|my|our|the|one\s+of\s+(?:my|our|the))\s+(?:[\w-]+\s+){{0,2}}?{_TEAM}"
_CAN = re.compile(
    rf"\b(?:can|could|may|might|shall)\s+(?:{_SOMEBODY}|he|she|they)\s+(?:please\s+|also\s+)?[a-z]+\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"\b{_SOMEBODY}\b[^.!?;\n]{{0,60}}?\b(?:and|who)\s+(?:will\s+|would\s+)?(?:need|want|ha(?:s|ve)\s+to)",
    re.IGNORECASE,
)
_CAN_NAME = re.compile(r"\b(?:[Cc]an|[Cc]ould|[Mm]ay)\s+(?P<name>[A-ZÀ-Þ][a-zß-ÿ]+)\s+[a-z]{2,}")


def claimed(before: str, after: str) -> bool:
    """Whether the words say to be, or to speak for, whoever stands between `before` and `after`."""
    return bool(_CLAIMS.search(before) or _CLAIMED.match(after))


_CLAIMS = re.compile(
    r"(?:\bI\s+am|\bI['’]m|\bmy\s+(?:user\s*)?(?:id|name)\s+is|\bacting\s+for|\bit['’]?s"
    r"|\bbeneficiary(?:\s+(?:is|to|=))?:?|(?:^|[.!?;:]\s*)as)\s+$",
    re.IGNORECASE,
)
_CLAIMED = re.compile(
    r"['’]s\s+(?:request|turn)\b|\s+who\s+needs|\s+(?:too|as\s+well|asked)\s*(?:[:.,;]|$)",
    re.IGNORECASE,
)


def wishes(text: str) -> bool:
    """Whether the speaker wishes for something of their own."""
    return _last_wish(text) >= 0


def _given_to(text: str) -> tuple[int, int] | None:
    """(3)."""
    for match in _FOR.finditer(text):
        before = re.split(r"[.!?;\n]", text[: match.start()])[-1]
        if match.group().casefold().startswith("to") and not _ACCESS_TO.search(before):
            continue
        works = {word.folded for word in words(before)} & (_WORK | CHANGES)
        access = _ACCESS.search(before)
        if access or not (works or _ABOUT_THEM.search(before)):
            return match.span()
    return None


_ACCESS = re.compile(r"\b(?:access|rights?|permissions?|roles?|log\s*in)\b", re.IGNORECASE)
_ACCESS_TO = re.compile(r"\b(?:give|grant|assign|hand)\b.{0,40}$", re.IGNORECASE)
