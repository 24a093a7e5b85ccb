"""Who the access is for, as far as the words say; names become ids by the directory alone.

1. Somebody is the beneficiary only where the words give it to them: "let Ana see", "Ana must
   look", "give her that", "on behalf of Ana". Being named is not enough ("I reset Ana's token" is
   for the speaker).
2. Of several people with one name only the words choose: another name, a team, a department, a
   place, a post, "on my desk". The speaker's own team is no tie-break: a wrong grant is worse
   than a question.
3. Whoever has left is meant only where nobody else is.
4. A person the words give it to and the directory does not know is a question, never the speaker:
   so is "give him", with nobody named, and an identity that stands after "for" beside "I".
5. One request is for one person: two people, or one and the speaker, are a question.
6. The speaker is meant where nothing in the words can be anybody else in need (`others`), or is set
   up, let or helped to do it (`enabled`).
7. Somebody named beside a request that gives nobody anything may be meant (`bystanders`).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.perception import others
from govagents.perception.bystanders import bystander, standing
from govagents.perception.enabled import enabled, helped, named_beside
from govagents.perception.narrowing import NEAR, narrowed
from govagents.perception.words import Word, fold, words


@dataclass(frozen=True)
class Mention:
    """A place in the words and who may be meant; nobody where the directory has no such name."""

    start: int
    end: int
    who: tuple[IdentityId, ...]


class _Cues(NamedTuple):
    before: re.Pattern[str]
    weak: re.Pattern[str]
    after: re.Pattern[str]
    handed: re.Pattern[str]
    first_person: re.Pattern[str]
    object_of: re.Pattern[str]


_ASIDE = (
    r"(?:\s+(?:both|also|still|now|really|urgently))?(?:\s+I\s+mean)?(?:\s*\([^)]*\)|,[^,.;]{0,30},?"
    r"|\s+(?:in|from|at|on|of)\s+(?:[\w'’-]+\s+){0,3}?[\w'’-]+)?"
)
_MUST = (
    r"needs?(?!\s+me)|must|has\s+to|have\s+to|should|shall|wants?\s+to(?!\s+know)|may|would\s+like|will|requires?"
    r"|is\s+to|gets?|takes\s+over|is\s+allowed|braucht|ben[oö]tigt|soll|muss|necesita|tiene\s+que|doit"
    r"|a\s+besoin"
)
_CUES = _Cues(
    before=re.compile(
        r"\b(?:on\s+behalf\s+of|in\s+the\s+name\s+of|(?:it['’]?s|this\s+is|that['’]?s|access\s+is)\s+for|give|grant|let|allow|enable|permit|authori[sz]e|provide"
        r"|sort(?:\s+out)?|set(?:\s+up)?|hook|equip|(?:can|could|may|should|shall|must)(?=\s+\S+(?:\s+\S+)?\s+(?:get|have|see|be"
        r"|look|read|use))|access\s+(?:to\s+\S+\s+)?for|au\s+nom\s+de|im\s+namen\s+von|en\s+nombre\s+de)\s+"
        r"(?:(?:our|my|the|dear|colleague|also|agent|bot|user|service|account)\s+){0,3}$",
        re.IGNORECASE,
    ),
    weak=re.compile(
        r"\b(?:for|für|pour|para)\s+"
        r"(?:(?:our|my|the|colleague|agent|bot|user|service|account|identity)\s+){0,3}$",
        re.IGNORECASE,
    ),
    after=re.compile(rf"^{_ASIDE}\s*,?\s*(?:{_MUST})\b(?!\s+(?:not|never)\b)", re.IGNORECASE),
    handed=re.compile(
        r"\b(?:let|give|grant|allow|enable|for|sort|set|hook|authori[sz]e)\s+(?:him|her|them)\b(?!\s+(?:own|team|account))",
        re.IGNORECASE,
    ),
    first_person=re.compile(
        r"\b(?:i|me|my(?:self)?|i['’](?:d|ll|m|ve)|we|us|ich|mir|yo|je|j['’])\b", re.IGNORECASE
    ),
    object_of=re.compile(r"\b(?:with|from|by|of|to|for|than|helps?|after)\s+$", re.IGNORECASE),
)
_JUNIOR = re.compile(
    r"\b(?:our|my|the)\s+(?:new\s+)?(?:interns?|trainees?|apprentices?|praktikant(?:in)?|stagiaire|becari[oa])\b",
    re.IGNORECASE,
)
_BOSS = re.compile(r"\bmy\s+(?:manager|boss|supervisor|team\s+lead(?:er)?)\b", re.IGNORECASE)
_SOMEBODY = re.compile(
    r"\b(?:a|my|our|the)\s+(?:new\s+)?(?:colleagues?|deputy|substitute|team\s*mates?|(?:whole\s+)?team|assistant"
    r"|temp|contractor|consultant|auditor|student)\b",
    re.IGNORECASE,
)
_STRANGER = re.compile(
    r"\b(?:on\s+behalf\s+of|(?:[Ll]et|[Gg]ive|[Gg]rant|[Aa]llow)(?:\s+access\s+to)?)\s+"
    r"(?P<name>[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)?)\b(?!\s+know\b)"
)
_UNKNOWN = re.compile(
    r"\b(?:(?:[Ss]ort|[Ss]et|[Hh]ook)\s+(?P<out>[^\W\d_]+(?:\s+[^\W\d_]+)?)\s+(?:out|up)\b"
    r"|[Ll]et\s+(?P<lets>[^\W\d_]+(?:\s+[^\W\d_]+)?)\s+(?:see|look|read|use|have|view|get|access)\b"
    r"|(?:[Gg]et|[Gg]ive)\s+(?P<gets>[A-ZÀ-Þ][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)?)\s+(?:access|in|into|rights)\b"
    r"|(?:[Ff]or|[Gg]ive|[Ll]et|[Gg]rant|[Ss]ort)\s+(?:the\s+)?(?:agent\s+|user\s+|service\s+)?"
    r"(?P<id>(?:agent|svc)-[\w-]+|[a-z]{2,}\.[a-z]{2,}(?!\w|\.\w))"
    r"|[Aa]ccess\s+(?:\S+\s+){0,6}?for\s+(?P<whole>[A-ZÀ-Þ][a-zß-ÿ'’-]+\s+[A-ZÀ-Þ][a-zß-ÿ'’-]+)\b"
    r"|\bfor\s+(?P<last>[A-ZÀ-Þ][a-zß-ÿ'’-]+\s+[A-ZÀ-Þ][a-zß-ÿ'’-]+)\s*(?:[,.;!?]|please\b|$))"
)
_NOBODY_NAMED = re.compile(
    r"(?<!\bto\s)\b(?:let|give|grant|allow|enable|sort|set|hook|authori[sz]e)\s+(?:him|her|them)\b"
    r"(?!\s+(?:own|team|account))",
    re.IGNORECASE,
)
_MAY = re.compile(r"(?:^|[.!?;:,]\s*)(?:please\s+)?(?:can|could|may|might)\s+$", re.IGNORECASE)
_WANTED = re.compile(r"\b(?:get|want|like)\s+$", re.IGNORECASE)
_WANTED_FOR = re.compile(r"\s+(?:access|rights|to\s+(?:see|read|have|get|look|view))\b")


def beneficiary(
    text: str,
    speaker: Identity,
    world: World,
    *,
    knows: Callable[[str], bool] = lambda key: not key,
) -> Mention | None:
    """Who the words give the access to; None = nobody but the speaker. `text` is own words only.

    `knows` tells the words that name things of the catalog: they name nobody.
    """
    found = mentions(text, speaker, world)
    given = [item for item in found if _given(text, item)]  # (1)
    if not given and (_CUES.handed.search(text) or others.fetched(text) or others.pronoun(text)):
        given = [item for item in found if _subject(text, item)]
    stranger = _beside_a_post(text, given, found, knows)
    if stranger is not None:
        return stranger
    if given:
        if len(given) == 1 and _beside_a_wish(text, given[0], knows):
            return Mention(given[0].start, given[0].end, tuple(sorted({*given[0].who, speaker.id})))
        several = _several(text, given, found) or _with_another(text, given, speaker)
        return several or _one(given[0], found)
    meant = _beside_me(text, found, speaker) or _stranger(text, found, world)
    return meant or _enabled(text, found, speaker, knows) or _bystander(text, found, speaker, knows)


def _beside_a_post(
    text: str, given: Sequence[Mention], found: Sequence[Mention], knows: Callable[[str], bool]
) -> Mention | None:
    """(4): "Magdalena, our trainee" is Magdalena, not whoever else is a trainee."""
    for item in given:
        name = named_beside(text, (item.start, item.end), knows)
        if name is not None and not any(other.start == name[0] for other in found):
            return Mention(*name, ())
    return None


def _enabled(
    text: str, found: Sequence[Mention], speaker: Identity, knows: Callable[[str], bool]
) -> Mention | None:
    """(6): whoever is set up is meant; whoever is helped may be, and so may the speaker."""
    for spans, more in ((enabled, ()), (helped, (speaker.id,))):
        for start, end in spans(text, knows):
            inside = [item for item in found if item.start < end and start < item.end]
            who = {name for item in inside for name in item.who}
            return Mention(start, end, tuple(sorted({*who, *more} if who else ())))
    return None


def _bystander(
    text: str, found: Sequence[Mention], speaker: Identity, knows: Callable[[str], bool]
) -> Mention | None:
    """(6)(7)."""
    other = others.fetched(text) or others.other(text, knows)
    for item in () if other else found:
        if speaker.id not in item.who and standing(text[: item.start], text[item.end :]):
            return Mention(item.start, item.end, tuple(sorted({*item.who, speaker.id})))
    span = other or bystander(text, knows)
    return None if span is None else Mention(*span, ())


def _beside_me(text: str, found: Sequence[Mention], speaker: Identity) -> Mention | None:
    """(4): "I need the logs for agent-x" may be for either of the two."""
    for item in found:
        spelled = "".join(text[item.start : item.end].casefold().split())
        before, after = text[: item.start], text[item.end :]
        beside = item.who == (spelled,) and _CUES.weak.search(before)
        if beside or others.claimed(before, after):
            return Mention(item.start, item.end, tuple(sorted({*item.who, speaker.id})))
    return None


def _several(text: str, given: Sequence[Mention], found: Sequence[Mention]) -> Mention | None:
    """(5): people joined by "and", and people who are each given something."""
    for first, second in pairwise(found):
        joined = _JOINED.fullmatch(text[first.end : second.start])
        if joined and {first, second} & set(given) and set(first.who) != set(second.who):
            known = first.who and second.who
            who = {*first.who, *second.who} if known else set[IdentityId]()
            return Mention(first.start, second.end, tuple(sorted(who)))
    for item in given[1:]:
        if given[0].who and not set(item.who) & set(given[0].who):
            both = tuple(sorted({*given[0].who, *item.who}))
            return Mention(given[0].start, item.end, both) if len(both) > 1 else None
    return None


def _with_another(text: str, given: Sequence[Mention], speaker: Identity) -> Mention | None:
    """(5): "Zoé and I", "let Zoé and the new guy": the other one has no name the directory has."""
    for item in given:
        before = _WITH_BEFORE.search(text[: item.start])
        after = _WITH_AFTER.match(text[item.end :])
        if before or after:
            both = tuple(sorted({*item.who, speaker.id}))
            return Mention(item.start, item.end, both if len(both) > 1 else ())
    return None


_JOINED = re.compile(r"\s*(?:,|&|\+|and|or|y|und|et|plus|as\s+well\s+as)\s*", re.IGNORECASE)
_WITH_BEFORE = re.compile(
    r"(?:[A-ZÀ-Þ][\w'’-]+|\b(?:me|myself|I)|\b(?:my|our|the)\s+[\w-]+)\s+(?:and|&|or|plus)\s+$"
)
_WITH_AFTER = re.compile(
    r"^\s+(?:and|&|or|plus|as\s+well\s+as|together\s+with)\s+"
    r"(?:(?:me|myself|I)\b|(?:my|our|the|her|his)\s+[\w-]+|[A-ZÀ-Þ][\w'’-]+|(?:both|all)\b)"
)


def mentions(text: str, speaker: Identity, world: World) -> tuple[Mention, ...]:
    """Every person and agent named, in order; `who` is narrowed by what the words add (2)(3)."""
    found = [*_by_id(text, world), *_by_name(text, world), *_by_post(text, speaker, world)]
    fitting = [
        Mention(item.start, item.end, narrowed(item.who, text[item.end :], speaker, world))
        for item in found
    ]
    kept: list[Mention] = []
    for item in sorted(fitting, key=lambda item: (item.start, -item.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return tuple(kept)


def _given(text: str, mention: Mention) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    if re.match(r"['’]s?\b", after):
        return False
    wanted = _WANTED.search(before) and _WANTED_FOR.match(after)
    asked = _MAY.search(before) and re.match(r"\s+[a-z]{2,}", after)
    if wanted or asked or _CUES.before.search(before):
        return True
    if _CUES.weak.search(before) and not _CUES.first_person.search(text):
        return True
    return bool(_CUES.after.match(after)) and not _CUES.object_of.search(before)


def _beside_a_wish(text: str, mention: Mention, knows: Callable[[str], bool]) -> bool:
    """Whether either may be meant, as in: I need the plates, Max needs a print."""
    before, after = text[: mention.start], text[mention.end :]
    own = others.wishes(text) or others.commanded(before, knows)
    if not own or others.pronoun(text) or not mention.who:
        return False
    handed = _CUES.before.search(before) or _MAY.search(before) or _WANTED.search(before)
    return not handed and bool(_CUES.after.match(after))


def _subject(text: str, mention: Mention) -> bool:
    possessive = re.match(r"['’]s?\b", text[mention.end :])
    return not possessive and not _CUES.object_of.search(text[: mention.start])


def _one(given: Mention, found: Sequence[Mention]) -> Mention:
    """(2): "Haddad on my desk, Yara I mean" names one person twice."""
    who = set(given.who)
    for other in found:
        if len(who & set(other.who)) >= 1 and abs(other.start - given.end) <= NEAR:
            who &= set(other.who)
    return Mention(given.start, given.end, tuple(sorted(who)))


def _stranger(text: str, found: Sequence[Mention], world: World) -> Mention | None:
    """(4)."""
    for match in _SOMEBODY.finditer(text):
        if _CUES.before.search(text[: match.start()]) or _CUES.after.match(text[match.end() :]):
            return Mention(*match.span(), ())
    for match in _STRANGER.finditer(text):
        name = fold(match["name"].split()[0])
        if name not in _NO_NAMES and all(match.start("name") != item.start for item in found):
            return Mention(*match.span("name"), ())
    for match in _UNKNOWN.finditer(text):
        kind = match.lastgroup or ""
        if _nobodys(match[kind], world) and all(match.start(kind) != item.start for item in found):
            return Mention(*match.span(kind), ())
    nobody = None if found else _NOBODY_NAMED.search(text)
    return None if nobody is None else Mention(*nobody.span(), ())


def _nobodys(name: str, world: World) -> bool:
    """Whether a name is no pronoun and no word of a system's name."""
    said = [word.folded for word in words(name)]
    named = {word.folded for item in world.systems.values() for word in words(item.name)}
    return bool(said) and said[0] not in _NO_NAMES and not set(said) & named


_NO_NAMES = frozenset(
    """
    i me us him her them you my our the full read write admin access permission all it this that
    these those a an things everything something myself everyone somebody someone anybody
    monday tuesday wednesday thursday friday saturday sunday january february march april may june
    july august september october november december
    """.split()
)


def _by_id(text: str, world: World) -> list[Mention]:
    folded = text.casefold()
    found = []
    for identity in world.identities:
        at = folded.find(identity)
        if at >= 0 and re.fullmatch(r"|\W", folded[at + len(identity) :][:1]):
            found.append(Mention(at, at + len(identity), (identity,)))
    return found


def _by_name(text: str, world: World) -> list[Mention]:
    known = _names(world)
    said = words(text)
    found, at = [], 0
    while at < len(said):
        who, end = _longest(said, at, known)
        if who and (said[at].text[:1].isupper() or end > at + 1 or _alone(said[at], text)):
            found.append(Mention(said[at].start, _end_of(said[end - 1]), tuple(sorted(who))))
        at = max(end, at + 1)
    return found


def _end_of(word: Word) -> int:
    return word.start + len(re.split(r"['’]", word.text)[0])


def _longest(
    said: Sequence[Word], at: int, known: Mapping[str, frozenset[IdentityId]]
) -> tuple[frozenset[IdentityId], int]:
    """The people all of whose names stand here in a row, and the index after the last one."""
    who, end = known.get(said[at].folded, frozenset()), at + 1
    while who and end < len(said):
        both = who & known.get(said[end].folded, frozenset())
        if not both:
            break
        who, end = both, end + 1
    return who, end


def _alone(word: Word, text: str) -> bool:
    """A name in small letters counts where the words begin, where they give, and before a need."""
    before, after = text[: word.start], text[word.end :]
    given = _CUES.before.search(before) or _NEEDY_NAME.match(after)
    weak = _CUES.weak.search(before) and not re.match(r"\.?\s*\d", after)
    return not before.strip() or bool(given or weak)


_NEEDY_NAME = re.compile(
    r"(?:\s+(?:both|also|now|and\s+\w+))?\s+(?:needs?|wants?|has\s+to|should|must)\b"
)


def _names(world: World) -> dict[str, frozenset[IdentityId]]:
    found: dict[str, set[IdentityId]] = {}
    for identity in world.identities.values():
        for name in _called(identity):
            found.setdefault(name, set()).add(identity.id)
    return {name: frozenset(who) for name, who in found.items()}


def _called(identity: Identity) -> tuple[str, ...]:
    """The single names of a person; particles ("de", "van") name nobody."""
    if identity.person is None:
        return ()
    said = (word.folded for word in words(identity.name.replace("-", " ")))
    return tuple(name for name in said if len(name) > _PARTICLE and name not in {"van", "den"})


_PARTICLE = 2


def _by_post(text: str, speaker: Identity, world: World) -> list[Mention]:
    found = []
    own = speaker.person.department if speaker.person else None
    juniors = [
        item.id
        for item in world.identities.values()
        if item.person and item.person.employment in {"intern", "trainee", "apprentice"}
        if own is None or item.person.department == own
    ]
    found += [Mention(*match.span(), tuple(sorted(juniors))) for match in _JUNIOR.finditer(text)]
    boss = speaker.person.manager if speaker.person else None
    return found + [
        Mention(*match.span(), (boss,) if boss else ()) for match in _BOSS.finditer(text)
    ]
