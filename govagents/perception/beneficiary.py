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
6. The speaker is meant where nobody else in the words may be in need (`others`), nobody is let,
   given or set up (`handed`), nobody else signs them, and the speaker wishes in the first person,
   stands in for somebody ("Ana is off, so I answer") or nobody else is plainly named
   (`unaccounted`). An open field for whom is a question (`forms.py`).
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from govagents.domain.identity import Identity
from govagents.domain.ids import IdentityId
from govagents.domain.text import Span
from govagents.domain.world import World
from govagents.perception import others
from govagents.perception.case import Case
from govagents.perception.cues import CUES
from govagents.perception.forms import open_field
from govagents.perception.handed import common, handed, helped, named_beside, standing
from govagents.perception.mentions import Mention, mentions, names_of
from govagents.perception.narrowing import NEAR
from govagents.perception.retrieval import index_of
from govagents.perception.strangers import beside
from govagents.perception.unaccounted import Known, Place, greeting, names_in, places
from govagents.perception.words import fold, words

_STANDS_IN = re.compile(  # (6)
    r"\b(?:is|are|['’]s|was)\s+(?:still\s+|currently\s+)?(?:off|out|away|absent|sick|ill|gone|on\s+(?:leave|holiday|vacation))\b"
    r"[^.!?;\n]{0,40}?,?\s+(?:so|therefore)\s+I(?:['’]ll)?\s+(?!(?:let|give|grant|ask|want|need|help|show)\b)[a-z]+",
    re.IGNORECASE,
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
_MAY = re.compile(r"(?:^|[.!?;:,]\s*)(?:please\s+)?(?:can|could|may|might)\s+$", re.IGNORECASE)
_WANTED = re.compile(r"\b(?:get|want|like)\s+$", re.IGNORECASE)
_WANTED_FOR = re.compile(r"\s+(?:access|rights|to\s+(?:see|read|have|get|look|view))\b")


def beneficiary(
    text: str,
    speaker: Identity,
    world: World,
    *,
    knows: Callable[[str], bool] = lambda key: not key,
    titles: Sequence[str] = (),
) -> Mention | None:
    """Who the words give the access to; None = nobody but the speaker. `text` is own words only.

    `knows` tells the words that name things of the catalog: they name nobody, nor do `titles`.
    """
    wished = wished_for(text, speaker, world, knows=knows)
    if wished is not None or others.wishes(text) or _STANDS_IN.search(text):
        return wished
    plain = [item for item in loose(text, speaker, world, knows, titles) if item.plain]  # (6)
    return _either(text, plain[0], speaker, world) if plain else None


def wished_for(
    text: str, speaker: Identity, world: World, *, knows: Callable[[str], bool]
) -> Mention | None:
    """(1)-(5): whom the words put in need or give it to."""
    found = [item for item in mentions(text, speaker, world) if item.start >= greeting(text)]
    given = [item for item in found if _given(text, item)]  # (1)
    for item in found:
        if speaker.id not in item.who and _signed(text, item):  # (6)
            who = {speaker.id, *item.who, *(name for each in given for name in each.who)}
            return Mention(item.start, item.end, tuple(sorted(who)))
    if not given and (CUES.handed.search(text) or others.fetched(text) or others.pronoun(text)):
        given = [item for item in found if _subject(text, item)]
    stranger = _beside_a_post(text, given, found, knows)
    if stranger is not None:
        return stranger
    if given:
        if len(given) == 1 and _beside_a_wish(text, given[0], knows):
            return Mention(given[0].start, given[0].end, tuple(sorted({*given[0].who, speaker.id})))
        several = _several(text, given, found) or _with_another(text, given, speaker)
        return several or _one(given[0], found)
    met = [item for item in found if named_beside(text, (item.start, item.end), knows) is None]
    field = open_field(text, [(item.start, item.end) for item in found], knows)
    if field is not None:
        return Mention(*field, ())
    return _stranger(text, met, world) or _bystander(text, met, speaker, world, knows=knows)


def loose(
    text: str,
    speaker: Identity,
    world: World,
    knows: Callable[[str], bool],
    titles: Sequence[str] = (),
) -> tuple[Place, ...]:
    """Every place that names somebody but the speaker and is not accounted for (`unaccounted`)."""
    found = mentions(text, speaker, world)
    people = [item.person for item in world.identities.values() if item.person]
    known = Known(
        [(item.start, item.end) for item in found],
        [(item.start, item.end) for item in found if _is_own(text, item, speaker)],
        knows,
        titles=(*titles, *(item.name for item in world.systems.values())),
        names=frozenset(names_of(world)) - set(fold(speaker.name).split()),
        departments=names_in([item.department for item in people]),
        places=names_in([item.location for item in people]),
    )
    return places(text, known)


def unaccounted(case: Case, part: int, holder: IdentityId) -> tuple[Span, ...]:
    """Who is named in a part of the words and is neither its speaker nor `holder` nor explained.

    Where it is for somebody else, "she" and, where the flag says so, "my deputy" are that one.
    """
    text, world = case.own[part], case.world
    knows = index_of(case.catalog, world).knows
    named = mentions(text, case.speaker, world)
    left = []
    for place in loose(text, case.speaker, world, knows, titles_of(case, part)):
        who = {
            name
            for item in named
            if item.start < place.end and place.start < item.end
            for name in item.who
        }
        theirs = holder != case.speaker.id and (
            place.pronoun or (case.request.asked_for is not None and place.plain)
        )
        if holder not in who and (who or not theirs):
            left.append(Span(place.start, place.end, part))
    return tuple(left)


def titles_of(case: Case, part: int) -> tuple[str, ...]:
    """Names of roles, and titles of the tickets that a part cites: they may hold names."""
    said = case.own[part].upper() if case.own else ""
    roles = [role.name for role in case.catalog.roles.values() if " " in role.name]
    return (*roles, *(item.title for item in case.world.tickets.values() if item.id in said))


def _is_own(text: str, mention: Mention, speaker: Identity) -> bool:
    """Whether the speaker is named, or signs with a name that others have too."""
    signed = not re.search(r"\w", text[mention.end :]) and _SIGNS.search(text[: mention.start])
    return mention.who == (speaker.id,) or bool(signed and speaker.id in mention.who)


def _signed(text: str, mention: Mention) -> bool:
    """(6): whether the words end with a name, as a letter does; "thanks Zoé" thanks her."""
    before, after = text[: mention.start], text[mention.end :]
    last = _LAST.search(before) and not re.search(r"\w", after)
    return bool(last or (_CLOSES.search(before) and _POST.fullmatch(after)))


_LAST = re.compile(r"(?:\n|\s[–—-])\s*$")
_POST = re.compile(r"[\s,.!|–—-]*(?:[^.!?\n]{0,60}\s*)?")
_CLOSES = re.compile(
    r"(?:\b(?:regards|greetings|sincerely|best|yours|br|wishes)[\s,.!–—-]*|\b(?:thanks|thank\s+you|thx|cheers)"
    r"[ \t,.!–—-]*\n\s*|\n\s*(?:--|–|—)\s*)$",
    re.IGNORECASE,
)
_SIGNS = re.compile(
    r"(?:\n|\b(?:thanks|thank\s+you|thx|cheers|regards|greetings|best|sincerely|yours|br))[\s,.!–—-]*$",
    re.IGNORECASE,
)


def _either(text: str, place: Place, speaker: Identity, world: World) -> Mention:
    """(6): whoever is named at `place`, or the speaker."""
    found = mentions(text, speaker, world)
    named = [item for item in found if item.start < place.end and place.start < item.end]
    who = {name for item in named for name in item.who}
    who |= names_of(world).get(fold(text[place.start : place.end]), frozenset())
    return Mention(place.start, place.end, tuple(sorted({*who, speaker.id} if who else ())))


def _beside_a_post(
    text: str, given: Sequence[Mention], found: Sequence[Mention], knows: Callable[[str], bool]
) -> Mention | None:
    """(4): "Magdalena, our trainee" is Magdalena, not whoever else is a trainee."""
    for item in given:
        name = named_beside(text, (item.start, item.end), knows)
        if name is not None and not any(other.start == name[0] for other in found):
            return Mention(*name, ())
    return None


def _bystander(
    text: str,
    found: Sequence[Mention],
    speaker: Identity,
    world: World,
    *,
    knows: Callable[[str], bool],
) -> Mention | None:
    """(6): who is in need; somebody the directory knows is offered beside the speaker."""
    for spans, more in ((handed, ()), (helped, (speaker.id,))):
        for start, end in spans(text, knows):
            inside = [item for item in found if start <= item.start and end <= item.end]
            who = {name for item in inside for name in item.who if item.start < end}
            return Mention(start, end, tuple(sorted({*who, *more} if who else ())))
    where = [item.person.location for item in world.identities.values() if item.person]
    no_names = names_in([speaker.name, *where])
    other = (
        others.fetched(text)
        or others.other(text, knows)
        or beside(text, lambda word: word in no_names or common(word, knows))
    )
    for item in () if other else found:
        if speaker.id not in item.who and _stands_beside(text[: item.start], text[item.end :]):
            return Mention(item.start, item.end, tuple(sorted({*item.who, speaker.id})))
    if other is None:
        return None
    inside = [item for item in found if item.start < other[1] and other[0] < item.end]
    who = {name for item in inside for name in (*item.who, speaker.id) if item.who}
    return Mention(*other, tuple(sorted(who)))


def _stands_beside(before: str, after: str) -> bool:
    """(6): "also X", "for X" where it is not work done for X, "in X's name"."""
    given = CUES.weak.search(before)
    theirs = given and not re.match(r"['’]s?\b", after) and others.for_them(before[: given.start()])
    return bool(theirs) or standing(before, after)


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


def _given(text: str, mention: Mention) -> bool:
    before, after = text[: mention.start], text[mention.end :]
    if re.match(r"['’]s?\b", after) or _ERRAND.match(after):
        return False
    wanted = _WANTED.search(before) and _WANTED_FOR.match(after)
    asked = _MAY.search(before) and re.match(r"\s+[a-z]{2,}", after)
    if wanted or asked or CUES.before.search(before):
        return True
    if CUES.weak.search(before) and not CUES.first_person.search(text):
        return True
    return bool(CUES.after.match(after)) and not CUES.object_of.search(before)


_ERRAND = re.compile(  # "Ana needs an answer from me"
    r"\s+(?:needs?|wants?|requires?|has\s+to\s+get)\s[^.!?;\n]{0,60}?\b(?:from|by)\s+(?:me|us)\b",
    re.IGNORECASE,
)


def _beside_a_wish(text: str, mention: Mention, knows: Callable[[str], bool]) -> bool:
    """Whether either may be meant, as in: I need the plates, Max needs a print."""
    before, after = text[: mention.start], text[mention.end :]
    own = others.wishes(text) or others.commanded(before, knows)
    if not own or others.pronoun(text) or not mention.who:
        return False
    handed = CUES.before.search(before) or _MAY.search(before) or _WANTED.search(before)
    return not handed and bool(CUES.after.match(after))


def _subject(text: str, mention: Mention) -> bool:
    possessive = re.match(r"['’]s?\b", text[mention.end :])
    return not possessive and not CUES.object_of.search(text[: mention.start])


def _one(given: Mention, found: Sequence[Mention]) -> Mention:
    """(2): "Haddad on my desk, Yara I mean" names one person twice."""
    who = set(given.who)
    for other in found:
        if len(who & set(other.who)) >= 1 and abs(other.start - given.end) <= NEAR:
            who &= set(other.who)
    return Mention(given.start, given.end, tuple(sorted(who)))


def _stranger(text: str, found: Sequence[Mention], world: World) -> Mention | None:
    """(4)."""
    for match in _UNKNOWN.finditer(text):
        kind = match.lastgroup or ""
        if _nobodys(match[kind], world) and all(match.start(kind) != item.start for item in found):
            return Mention(*match.span(kind), ())
    return None


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
