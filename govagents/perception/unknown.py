"""Names in the words that no catalog holds: said as such, so that nobody takes silence for a yes.

1. A role is named by what stands beside the word "role": an id, a quotation, words with capitals,
   or words of which the catalog knows none of the meaning.
2. It is unknown where it is no role's id and no role's name has all of its words.
3. A quotation may raise this question; it never names a need.
4. The nearest id or name is told where one is near: a slip of the pen is the usual reason.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import NamedTuple

from govagents.domain.catalog import Catalog
from govagents.domain.ids import SystemId
from govagents.domain.world import System
from govagents.perception.index import key_of
from govagents.perception.named import name_keys
from govagents.perception.words import fold


class Unknown(NamedTuple):
    """A name as it is written, and the id of the role whose id or name is nearest, if one is."""

    name: str
    nearest: str | None


_ROLE = r"(?:[Rr]oles?|[Rr]olle|[Pp]rofile|[Rr]ol|[Rr]ôle)"
_CALLED = r"(?:\s+(?:called|named|of|id|name|with\s+the\s+(?:id|name)))?\s*:?\s+"
_ID = r"[A-Za-z0-9]+(?:[-_.:/][A-Za-z0-9]+)+"
_QUOTED = (
    r"(?:\"[^\"\n]{2,60}\"|“[^”\n]{2,60}”|„[^“”\n]{2,60}[“”]|«[^»\n]{2,60}»|'[^'\n]{2,60}'"
    r"|`[^`\n]{2,60}`)"
)
_CAPITALS = r"[A-Z][\w&-]*(?:\s+(?:(?:and|of|for)\s+)?[A-Z][\w&-]*){0,4}"
_SMALL = r"[a-z][\w-]*(?:\s+[a-z][\w-]*){0,2}"
_AFTER = re.compile(
    rf"\b{_ROLE}{_CALLED}(?:(?P<id>{_ID})|(?P<quoted>{_QUOTED})|(?P<capitals>{_CAPITALS}))"
)
_BEFORE = re.compile(
    rf"(?:(?P<quoted>{_QUOTED})|(?P<id>\b{_ID})|\b(?P<capitals>{_CAPITALS})"
    rf"|\b(?:the|a|an)\s+(?P<small>{_SMALL}))\s+{_ROLE}\b"
    r"(?!\s+(?:in|model|play|of\s+(?:my|our|the))\b)"
)
_DESCRIBES = frozenset(
    map(
        key_of,
        """
        additional administrator appropriate bigger correct corresponding current default existing
        extra following higher least lesser lower lowest matching minimal minimum narrow narrowest
        necessary needed new old previous proper proposed relevant required respective right smaller
        smallest special standard suitable temporary usual wider
        """.split(),
    )
)
_OPENING = re.compile(
    r"^(?:(?:I|A|An|The|My|Our|Please|Give|Need|Grant|Assign|Hi|Hello|And|For|Request(?:ing)?)\s+)+"
)


def unknown_roles(
    text: str,
    catalog: Catalog,
    systems: Mapping[SystemId, System],
    knows: Callable[[str], bool],
) -> tuple[Unknown, ...]:
    """(1)(2): each once, in order; `text` is as it was typed (3)."""
    names = [name_keys(role.name) for role in catalog.roles.values()]
    places = frozenset[str]().union(
        *(name_keys(f"{item.id} {item.name}") for item in systems.values())
    )
    found = []
    for name, sure in _candidates(text):
        said = name_keys(name)
        strange = {key for key in said - _DESCRIBES if key not in places and not knows(key)}
        if said and (sure or strange) and not _exists(name, catalog, names):
            found.append(Unknown(name, _nearest(name, catalog)))
    return tuple(dict.fromkeys(found))


def _exists(name: str, catalog: Catalog, names: Sequence[frozenset[str]]) -> bool:
    """(2): a permission that is called a role exists too, only not as one."""
    said = name_keys(name)
    known = name.casefold() in catalog.roles or name in catalog.permissions
    return known or any(said <= keys for keys in names)


def _candidates(text: str) -> Iterator[tuple[str, bool]]:
    """Names, and whether they can be nothing but a role's."""
    for match in (*_AFTER.finditer(text), *_BEFORE.finditer(text)):
        kind = match.lastgroup or ""
        name = " ".join(_OPENING.sub("", match[kind].strip("\"“”„«»'` ")).split())
        capitals = kind == "capitals" and len(name_keys(name)) > 1
        yield name, capitals or kind == "quoted" or (kind == "id" and match.re is _AFTER)


def _nearest(name: str, catalog: Catalog) -> str | None:
    """(4)."""
    called = {fold(role.name): role.id for role in catalog.roles.values()}
    called |= {role.id: role.id for role in catalog.roles.values()}
    near = get_close_matches(fold(name), sorted(called), n=1, cutoff=0.8)
    return called[near[0]] if near else None
