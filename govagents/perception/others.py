"""Whether the words wish for somebody other than the speaker, named or not.

1. "He needs", "she'll want", "they both must": the one in need is a third person. A wish of the
   speaker's own that comes later counts more ("he needs his book, I want to look it up").
2. Whoever stands before "needs", "wants" or "must" is a person where the word means people or a
   department, where it is a name no catalog knows, or where only a person does what follows ("needs
   to see"); so is whoever "can see", is asked after ("would the bot be able to ...") or is wanted
   to look. A thing may need to be mended: that is the speaker's errand.
3. "For the new guy" is for them where looking or access is asked for. Work done on what belongs to
   them ("unlock the accounts for my team") is the speaker's.
4. "Us both", "Zoé and I", "the whole team" are more than the speaker; "on somebody's behalf", "not
   me" and "beneficiary: ..." say that it is another, whatever the speaker wishes beside it.
5. Whoever is let, given or set up is meant too (`handed.py`).
"""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from govagents.perception.cues import CUES
from govagents.perception.handed import group
from govagents.perception.index import key_of
from govagents.perception.people import is_department, is_outsider, is_person, stands_alone
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
    r"\b(?:(?:I|we)(?:['’](?:d|ll|ve))?|id)\s+(?:\w+\s+){0,2}?(?:need|want|must|have\s+to|like\s+to|wish"
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
_WORK = frozenset(
    """
    unlock lock reset create assign set book raise register enrol order renew issue clear approve
    extend correct change update disable enable add upload send draft write answer close open block
    release restart rerun print swap move remove delete adjust tag
    """.split()
)
_TOGETHER = re.compile(
    r"\b(?:us|we)\s+(?:both|two|three)\b|\bus\s+all\b(?!\s+the)|\bwe\s+all\s+(?:need|want|must|should)\b"
    r"|\b(?:both|all|two|three|each)\s+of\s+us\b"
    r"|\b(?:me|myself)\s+(?:and|&|plus|as\s+well\s+as)\s+(?!(?:my\s+(?:work|job)|i|we|then|also|let|can)\b)[\w'’-]+"
    r"|(?:^|[.!?;:,\n]\s*)(?:(?:my|our|the)\s+)?(?:[\w'’-]+\s+){1,2}(?:and|&)\s+(?:I|me|myself)"
    r"(?:\s*:|\s+(?:both\s+|also\s+)?(?=need|want|must|should|have\s+to|would|will|are|both|access))"
    r"|\b(?:let|give|grant|for)\s+[\w'’-]+\s+(?:and|&)\s+(?:me|myself)\b"
    r"|\bwhoever\s+(?:is|has|needs|works|takes|covers)\b|\bnot\s+for\s+me\b|\bnot\s+for\s+myself\b"
    r"|\b(?:the\s+|our\s+)?(?:whole|entire)\s+(?:[\w-]+\s+)?(?:team|crew|department|office|shift|desk|staff|squad|group)\b",
    re.IGNORECASE,
)
_BEHALF = re.compile(
    r"\b(?:on\s+behalf\s+of|in\s+the\s+name\s+of):?\s+(?!(?:me|myself|us|ourselves)\b)"
    r"(?:[\w'’-]+\s*){1,3}"
    r"|\b(?:on|in)\s+(?!(?:my|our)\s+(?:own\s+)?(?:behalf|name)\b)(?:[\w'’-]+\s+){0,3}?[\w-]+['’]s?\s+(?:behalf|name)\b"
    r"|\bon\s+(?:his|her|their)\s+behalf\b",
    re.IGNORECASE,
)


def other(text: str, knows: _Knows) -> tuple[int, int] | None:
    """Where somebody else may be meant; `knows` tells the keys that name things of the catalog.

    >>> said = "she'll need to see the plates"
    >>> said[slice(*other(said, lambda key: False))]
    "she'll need"
    """
    together = _TOGETHER.search(text)  # (4)
    if together is not None and not _I_WISH.search(text, together.end()):
        return together.span()
    said = _BEHALF.search(text) or _SAYS.search(text)
    if said is not None:
        return said.span()
    return pronoun(text) or _subject(text, knows) or _given_to(text) or _looking(text, knows)


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
    does = None if last >= 0 else _DOES.search(text)
    return None if does is None else does.span()


_DOES = re.compile(
    r"\bs?he(?:['’]ll|\s+will|\s+shall)\s+(?!be\b|not\b|have\b)[a-z]+", re.IGNORECASE
)


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
        verb = text[start + len(said) : match.end("verb")].strip()
        yield _Subject(start, start + len(said), said, verb, match["rest"])


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
    never = {"i", "we", "you", "it", *_SPEAKER}
    if any(word.folded in never for word in said) or any(word.text.isdigit() for word in core):
        return False
    errand = item.verb.casefold().endswith("wants") and re.match(r"\s+an?\s", item.rest)
    if errand or CUES.mended.match(item.rest) or not _agree(core, item.verb):
        return False
    asks = is_outsider(core[-1].folded) and item.verb.casefold().endswith("wants")
    people = is_person(core[-1].folded) or stands_alone(core[0].folded) or asks
    sees = _does_what_people_do(core, item.rest)
    if commanded:
        return people and sees
    return people or sees or is_department(core[-1].folded) or _unknown_name(core, knows)


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
    named = core[-1].folded not in STOP or core[-1].folded in {"one", "ones"}
    return named and bool(_SEEING.match(rest))


def wishes(text: str) -> bool:
    """Whether the speaker wishes for something of their own."""
    return _last_wish(text) >= 0


def _given_to(text: str) -> tuple[int, int] | None:
    """(3)."""
    for match in _FOR.finditer(text):
        people = group(text, match.end())
        if people is None or _SERVED.search(text[slice(*people)]):
            continue
        before = re.split(r"[.!?;\n]", text[: match.start()])[-1]
        if match.group().casefold().startswith("to") and not _ACCESS_TO.search(before):
            continue
        if for_them(before):
            return (match.start(), people[1])
    return None


def for_them(before: str) -> bool:
    """(3): whether what stands in a clause before "for ..." is theirs to have.

    >>> for_them("I need the plates "), for_them("I unlock the accounts ")
    (True, False)
    """
    clause = re.split(r"[.!?;\n]", before)[-1]
    works = {word.folded for word in words(clause)} & (_WORK | CHANGES)
    return bool(_ACCESS.search(clause)) or not works


_SERVED = re.compile(r"(?:people|ppl|staff|folks?)$", re.IGNORECASE)
_FOR = re.compile(r"\b(?:for|to|(?:used|read|seen|viewed)\s+by)\s+", re.IGNORECASE)
_ACCESS = re.compile(r"\b(?:access|rights?|permissions?|roles?|log\s*in)\b", re.IGNORECASE)
_ACCESS_TO = re.compile(
    r"\b(?:give|grant)\b.{0,40}$|\b(?:available|visible|accessible)\s+$", re.IGNORECASE
)


def _looking(text: str, knows: _Knows) -> tuple[int, int] | None:
    """(2): "would the bot be able to", "so that marketing can see", "wants finance to look"."""
    for match in _MAY.finditer(text):
        people = group(text, match.end())
        if people is not None:
            return people
    for pattern in (_MAY_NAME, _CAN_SEE, _WANTED):
        for match in pattern.finditer(text):
            core = _core(words(match["np"]))
            if core and _human(core, knows, alone=pattern is _CAN_SEE):
                return match.span("np")
    return None


def _human(core: tuple[Word, ...], knows: _Knows, *, alone: bool) -> bool:
    """Whether the words before a doing are somebody; `alone`: only a person does it."""
    said, last = {word.folded for word in core}, core[-1].folded
    if said & _NO_SUBJECT or last in STOP or is_outsider(last) or said & _SPEAKER:
        return last in _THIRD
    if is_person(last) or is_department(last) or _unknown_name(core, knows):
        return True
    return alone and not knows(key_of(last))


_SPEAKER = frozenset({"undersigned", "truly"})
_THIRD = frozenset({"he", "she", "they", "him", "her", "them", "everyone", "everybody", "anybody"})
_NP = r"(?P<np>(?:[\w'’-]+\s+){0,4}?[\w'’-]+)"
_LOOKS = (
    r"(?:see|read|view|look|check|inspect|consult|query|search|browse|use|access|download|export"
    r"|edit)\b"
)
_CAN_SEE = re.compile(
    rf"(?:\A|[.!?;:,\n]\s*|\b(?:so|that|and|but|where|sure)\s+)(?!so\b|that\b){_NP}\s+"
    rf"(?:can|could|may|will|would|(?:is|are|will\s+be)\s+(?:able|going)\s+to|gets?\s+to)\s+(?:also\s+|then\s+)?{_LOOKS}",
    re.IGNORECASE,
)
_MAY = re.compile(r"\b(?:can|could|may|might|shall|would|will)\s+", re.IGNORECASE)
_MAY_NAME = re.compile(
    r"\b(?:[Cc]an|[Cc]ould|[Mm]ay|[Ww]ould)\s+(?P<np>[A-ZÀ-Þ][a-zß-ÿ]+)\s+[a-z]{2,}"
)
_WANTED = re.compile(
    rf"\b(?:wants?|like|prefers?|needs?|for)\s+{_NP}\s+to\s+(?:be\s+able\s+to\s+)?{_LOOKS}",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\bnot\s+(?:(?:for|about)\s+)?(?:me|myself|mine|my\s+(?:own\s+)?(?:use|request|wish|need))\s*(?:[:,;.!–—-]|$)|\basking\s+for\s+(?:a|my)\s+\w+"
    r"|\bbeneficiary\s*(?:is|=|:)\s*(?!(?:me|myself)\b)[\w.'’-]+(?:\s+[\w'’-]+){0,2}"
    r"|\b(?:this|it)\s+is\s+for\s+whoever\b"
    r"|\b(?:user|account)\s*[=:]\s*[\w.-]+"
    r"|\bshare\s+[^.!?;\n]{1,60}?\bwith\s+(?!(?:me|us|myself|you)\b)(?:the\s+)?[\w'’-]+",
    re.IGNORECASE,
)
