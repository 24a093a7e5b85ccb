"""Every place in the words that may name somebody but the speaker, found by what it is.

1. A place names somebody: a name or id the directory knows, wherever it stands; "he", "she" and
   their forms; "they" and "them" where no plural stands before them in the sentence; people by
   what they are ("my colleague", "the night crew", "everyone"); a department ("for marketing"); a
   title and a name, a mail address, an @name; a word that no catalog knows where a name stands:
   with a capital, before the first colon, before "needs" and "asked for", behind "give" and "let".
2. What only qualifies a thing is no person: "the customer invoices", "a driver app".
3. Accounted for, and so left out: who is greeted or thanked, the speaker's own name, whoever asked
   for it or agreed, "he" of a customer named before him, a name inside the name of a role, a system
   or a cited ticket.
4. A place is plain where it can be nobody but one of the speaker's own people: such a place is
   asked about where nothing says whom the access is for. Others keep a person in the loop: so does
   somebody known whose account is mended ("unlock Viktor").
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from govagents.perception.index import key_of
from govagents.perception.people import (
    MANNERS,
    is_department,
    is_one,
    is_outsider,
    is_person,
    stands_alone,
)
from govagents.perception.strangers import strangers
from govagents.perception.vocabulary import ELSEWHERE, STOP
from govagents.perception.words import Word, fold, words


class Place(NamedTuple):
    """Where somebody is named; `plain` by rule 4; `pronoun`: by "he", "they" and their forms."""

    start: int
    end: int
    plain: bool
    pronoun: bool = False


@dataclass(frozen=True)
class Known:
    """What the words are held against.

    `people` are the places of names that the directory has, the speaker's own in `own`; `things`
    tells the keys of the catalog's words; `titles` are names of roles, systems and tickets, `names`
    single names of people.
    """

    people: Sequence[tuple[int, int]]
    own: Sequence[tuple[int, int]]
    things: Callable[[str], bool]
    titles: Sequence[str] = ()
    names: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


_GREETED = (
    r"(?:(?:dear|the|access|it|service|support|help|all|my)\s+)*(?:team|all|everyone|everybody|support"
    r"|desk|folks|guys|there|colleagues|you|bot|agent|(?-i:[A-ZÀ-Þ])[\w'’-]+(?:\s+(?-i:[A-ZÀ-Þ])[\w'’-]+)?)"
)
_GREETING = re.compile(
    r"\A\s*(?:hi|hello|hey|dear|hola|bonjour|hallo|(?:good\s+)?(?:morning|afternoon|evening|day))\b"
    rf"\s*,?\s+{_GREETED}\s*(?:[,!.:\n–—-]|\Z)",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"\b(?:thanks|thank|thx|cheers|regards|greetings)\b[,\s]*(?:you\s+)?(?:(?:dear|the|all)\s+)*"
    r"(?:team|all|everyone|everybody|support|desk|folks|guys|colleagues|you)\b(?=\s*[.!,]?\s*(?:\n|\Z))",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"(?:\s*\([^)\n]{1,40}\)|\s*,[^,.;\n]{1,40},)?\s+(?:(?:has|had|have|just|already|also|who|will|did)\s+){0,2}"
    r"(?:(?:asked|asks|told|tells|wants|wanted|requested|instructed|expects|expected|reminded|pinged|sent|advised"
    r"|needs|would\s+like|(?!replac|succe|join|hir|help|teach)[a-z]{2,}ed)\s+(?:me|us)\b|(?:agreed|agrees|approved|approves|okayed|confirmed|consented|consents"
    r"|knows|is\s+(?:informed|aware|fine|ok|okay)|signed\s+off|wants?\s+(?:to\s+know|numbers|it\s+(?:done|fixed|finished|sorted)))\b)",
    re.IGNORECASE,
)
_AGREED = re.compile(
    r"(?:\b(?:agreed|arranged|discussed|aligned|coordinated|cleared|checked|confirmed|spoken?|talked)\s+"
    r"(?:(?:it|this|that)\s+)?(?:with|by|to)|\b(?:approved|confirmed|reported|raised|okayed|signed\s+off|opened"
    r"|filed|authori[sz]ed)\s+by|\baccording\s+to|\bper|\binstructions?\s+(?:of|from)|\b(?:ask(?:ed)?|tell|told|inform|notify|remind|let(?=\s+\S+\s+know))"
    r"|\b(?:ticket|incident|change|change\s+request|approval|ok|okay|go-?ahead|blessing)\s+(?:of|from|by))\s+"
    r"(?:(?:our|my|the|colleague)\s+){0,2}$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"(?:(?<!instead )(?<!because )(?<!behalf )(?<!ahead )\bof|['’]s?)\s+"
    r"(?:(?:our|my|the|your)\s+)?(?:[\w-]+,\s+)?$",
    re.IGNORECASE,
)
_OWNS = re.compile(
    r"['’]s?\s+(?!(?:[\w-]+\s+){0,2}?(?:access|rights?|permissions?|account|login|role)\b(?!\s+(?:session|log|token|card|badge|ticket)s?\b)"
    r"|(?:request|turn|behalf|name)\b)[\w-]+",
    re.IGNORECASE,
)
_HEAD = re.compile(
    r"\A\s*(?:(?:from|for|von|de)\s*:?\s+)?(?P<name>[^\W\d_][\w'’-]+(?:\s+[A-ZÀ-Þ][\w'’-]+)?)\s*:(?!\d)(?!//)",
    re.IGNORECASE,
)
LABELS = frozenset(
    """
    subject request self task todo purpose reason note question need access please urgent hello hi
    re fw fwd ticket incident change when what why where who how until from system action help
    example issue problem summary description details context background window duration time role
    roles permission beneficiary user account to date priority ps update reminder important info
    fyi reference minus work job wish order asap mine today tomorrow now short quick approval scope
    name ref object body start end begin service id undersigned truly half analysis diagnosis
    research root postmortem fun
    """.split()
)
_TITLED = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Herr|Frau|Señora?|Mme|Monsieur|Madame)\b\.?\s+[\w'’-]+"
    r"|(?<!\w@)(?<=@)[^\W\d_][\w.-]*|\b[\w.+-]+@[\w-]+\.\w[\w.-]*"
)
_HE = re.compile(
    r"\b(?:he|she|him|her|his|hers|himself|herself)\b(?!['’]?/)|\bs/he\b", re.IGNORECASE
)
_THEY = re.compile(r"(?<!\bas\s)\b(?:they|them|their|theirs|themsel(?:f|ves))\b", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w@./-])[A-ZÀ-Þ][a-zß-ÿ'’]{2,}(?:\s+[A-ZÀ-Þ][a-zß-ÿ'’]+)?(?![\w/-])")
_BEFORE_NAME = re.compile(
    r"\b(?:for|with|to|from|let|give|grant|allow|help|and|also|plus|cc|dear|by|colleague|behalf\s+of"
    r"|can|could|may|would|ask|tell|onboard|add|enable|set\s+up|set|get|have|make)\s+$",
    re.IGNORECASE,
)
_AFTER_NAME = re.compile(
    r"\s*(?:[:,]|\s(?:needs?|wants?|can|could|may|might|must|should|shall|will|would|to|has|is|was|and"
    r"|[a-z]{3,}(?:s|ed)\s+(?:the|an?|my|our|his|her|their|this|that|these|those|it|all)|asked|asks|says|said|wrote|writes|told)\b)"
)
_FORMS = frozenset({"a", "an", "the", "some", "this", "that", "one", "any", "another", "every"})
_MINE = frozenset({"my", "our", "his", "her", "their"})
_REACH = 3
_SHORT = 3


def places(text: str, known: Known) -> tuple[Place, ...]:
    """(1)(2)(3)(4): in order; of two that overlap the plain one is kept, or else the first.

    >>> known = Known((), (), lambda key: key == "log")
    >>> text = "my colleague and the team logs"
    >>> [(text[it.start : it.end], it.plain) for it in places(text, known)]
    [('my colleague', True)]
    """
    aside = [*_aside(text, known), *known.own]
    kept: list[Place] = []
    for place in sorted(_found(text, known), key=lambda item: (item.start, not item.plain)):
        hidden = any(low < place.end and place.start < high for low, high in aside)
        if hidden or _told(text, place) or (kept and place.start < kept[-1].end):
            continue
        kept.append(place)
    return tuple(kept)


def _found(text: str, known: Known) -> Iterator[Place]:
    said = words(text)
    people = [_as_named(text, span) for span in known.people]
    posts = [*_posts(text, said, known)]
    yield from people
    yield from posts
    yield from (Place(*match.span(), plain=True) for match in _TITLED.finditer(text))
    yield from (Place(*item) for item in strangers(text, lambda word: _everyday(word, known)))
    yield from _head(text, known)
    yield from _pronouns(text, said, known.things)
    yield from _names(text, known)


def _as_named(text: str, span: tuple[int, int]) -> Place:
    """(4): who only owns what is spoken of is not plainly meant."""
    before, after = text[: span[0]], text[span[1] :]
    owner = _OWNS.match(after) or _OF.search(before)
    if owner and (word := words(text[span[1] :])[1:2]) and is_person(word[0].folded):
        owner = None  # "Ana's deputy"
    mended = _MENDED.search(before) and _MENDED_ENDS.match(after)
    return Place(*span, plain=not (owner or mended))


_MENDED = re.compile(
    r"\b(?:(?:un)?(?:lock|block)|reset|disable|offboard)\s+(?:user\s+|colleague\s+)?$",
    re.IGNORECASE,
)
_MENDED_ENDS = re.compile(r"\s*(?:[.,;!]|\Z)")


def _posts(text: str, said: Sequence[Word], known: Known) -> Iterator[Place]:
    """(1)(2): "my colleague", "the night crew", "everyone", "for marketing"."""
    for at, word in enumerate(said):
        if word.folded in known.names and _is_name(text, word, known.things):
            yield Place(word.start, word.end, plain=True)
        if _qualifies(text, said, at, known.things):
            continue
        if is_person(word.folded) or is_outsider(word.folded):
            start = _opens(said, at, text)
            bare = start is None and is_person(word.folded) and _bare(text, said, at)
            if start is not None or bare or stands_alone(word.folded):
                first = said[at if start is None else start]
                of = _OF.search(text[: first.start])
                head = not text[: first.start].strip() and _HEADED.match(text[word.end :])
                plain = head or (is_one(word.folded) and not of)
                yield Place(first.start, word.end, bool(plain))
        elif _is_department(text, word, known):
            yield Place(word.start, word.end, plain=False)


def _is_name(text: str, word: Word, things: Callable[[str], bool]) -> bool:
    """(1): a name in small letters, and no word of everyday or of the catalog."""
    numbered = re.match(r"\.?\s*\d", text[word.end :])
    small = word.text.islower() and word.folded not in STOP
    return small and not numbered and not things(key_of(word.folded))


def _is_department(text: str, word: Word, known: Known) -> bool:
    if word.folded in STOP or not (is_department(word.folded) or word.folded in known.departments):
        return False
    if text[word.end : word.end + 1] == "-":  # "dispatch-api"
        return False
    if not known.things(key_of(word.folded)):
        return True
    return _BEFORE_GROUP.search(text[: word.start]) is not None


def _bare(text: str, said: Sequence[Word], at: int) -> bool:
    """Whether people stand where somebody is named: "for dev team", "temp worker in hall 3 ..."."""
    firsts = (said[back].start for back in (at, at - 1) if back >= 0)
    return any(_BARE.search(text[:first]) for first in firsts)


_HEADED = re.compile(  # "everyone in security: ..."
    r"(?:\s+(?:in|from|of|at|on|with|who|whose)\b[^.!?:;\n]{0,60})?\s*(?::(?!//)|\s[–—-]\s)",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"(?:\A|[.!?;\n]\s*|\b(?:for|let|give|help|allow|enable|can|could|may)\s+)$", re.IGNORECASE
)
_BEFORE_GROUP = re.compile(
    r"\b(?:for|with|to|by|let|give|help|wants?|allow|enable|get|sort|share|all\s+of)\s+(?:the\s+)?$",
    re.IGNORECASE,
)


def _qualifies(text: str, said: Sequence[Word], at: int, things: Callable[[str], bool]) -> bool:
    """(2): whether a thing of the catalog, or who is meant, follows at once ("team lead")."""
    if at + 1 >= len(said) or text[said[at].end : said[at + 1].start].strip():
        return False
    after = said[at + 1].folded
    return is_person(after) or (after not in STOP and things(key_of(after)))


def _opens(said: Sequence[Word], at: int, text: str) -> int | None:
    """Where the words of "our new trainee" begin; None where no such word stands before."""
    for back in range(at - 1, max(-1, at - 2 - _REACH), -1):
        if re.search(r"[.!?;:,\n]", text[said[back].end : said[back + 1].start]):
            return None
        word = said[back]
        if word.folded in _FORMS | _MINE or re.search(r"\w['’]s$", word.text):
            return back
        if word.folded in STOP:
            return None
    return None


def _head(text: str, known: Known) -> Iterator[Place]:
    """(1): "kim: see the logs"."""
    match = _HEAD.match(text)
    if match is None:
        return
    said = [word.folded for word in words(match["name"])]
    strange = not any(
        word in STOP | LABELS | known.places or known.things(key_of(word)) for word in said
    )
    if strange and not match["name"].isupper():
        yield Place(*match.span("name"), plain=True)


def _everyday(word: str, known: Known) -> bool:
    """Whether a folded word is common, or the catalog's, a place's or a label's."""
    common = word in STOP | ELSEWHERE | MANNERS | LABELS | known.places
    return common or word.endswith(("ing", "ion")) or known.things(key_of(word))


def _pronouns(text: str, said: Sequence[Word], things: Callable[[str], bool]) -> Iterator[Place]:
    """(1)(3)."""
    for match in _HE.finditer(text):
        before = [word for word in said if word.end <= match.start()]
        if not any(_served(word, at, before, things) for at, word in enumerate(before)):
            yield Place(*match.span(), plain=True, pronoun=True)
    for match in _THEY.finditer(text):
        sentence = re.split(r"[.!?;\n]", text[: match.start()])[-1]
        given = re.search(r"\bfor\s+$", sentence, re.IGNORECASE)
        if given or not any(_plural(word) for word in words(sentence)):
            nothing = not any(_plural(word) for word in said if word.end <= match.start())
            yield Place(*match.span(), plain=nothing and not given, pronoun=True)


def _served(word: Word, at: int, before: Sequence[Word], things: Callable[[str], bool]) -> bool:
    """Whether a word is somebody outside whom "he" may be."""
    if is_outsider(word.folded):
        return True
    article = at > 0 and before[at - 1].folded in _FORMS
    doer = re.search(r"(?:er|or|ist|ee)$", word.folded) and not things(key_of(word.folded))
    return bool(article and doer and not is_person(word.folded) and word.folded not in STOP)


def _plural(word: Word) -> bool:
    said = word.folded
    return (
        said.endswith("s")
        and not said.endswith(("ss", "us", "is"))
        and len(said) > _SHORT
        and said not in STOP
    ) or said in {"data", "two", "both", "these", "those"}


def _names(text: str, known: Known) -> Iterator[Place]:
    """(1): a capital that no catalog knows, where names stand."""
    for match in _NAME.finditer(text):
        said = [word.folded for word in words(match.group())]
        if any(word in STOP | LABELS | known.places | ELSEWHERE for word in said):
            continue
        if any(known.things(key_of(word)) for word in said):
            continue
        if _BEFORE_NAME.search(text[: match.start()]) or _AFTER_NAME.match(text[match.end() :]):
            yield Place(*match.span(), plain=False)


def _aside(text: str, known: Known) -> Iterator[tuple[int, int]]:
    """(3)."""
    yield (0, greeting(text))
    yield from (match.span() for match in _THANKS.finditer(text))
    folded = text.casefold()
    for title in known.titles:
        at = folded.find(title.casefold()) if title else -1
        if at >= 0:
            yield (at, at + len(title))


def greeting(text: str) -> int:
    """(3): where the greeting ends that `text` opens with.

    >>> greeting("Hi Ana, I need the plates"), greeting("Ana needs the plates")
    (7, 0)
    """
    found = _GREETING.match(text)
    return found.end() if found else 0


def _told(text: str, place: Place) -> bool:
    """(3): whoever asked for it or agreed."""
    return bool(_ASKED.match(text[place.end :]) or _AGREED.search(text[: place.start]))


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """The folded words of names.

    >>> sorted(names_in(["Gdańsk Hub", "North"]))
    ['gdansk', 'hub', 'north']
    """
    return frozenset(word for text in texts for word in fold(text).split())
