"""Forms that people fill in: a field that says who it is for, and is left open.

1. A line or clause of the kind "name: ...", "who: ..." names whom it is for. Where neither somebody
   known nor the speaker stands in it ("(will follow)", "tba", nothing at all), it is open.
2. The name of a thing ("name: roof vents") is no person's, as far as the catalog knows the thing.
"""

import re
from collections.abc import Callable, Sequence

from govagents.perception.index import key_of
from govagents.perception.words import words

_FIELD = re.compile(
    r"(?:\A|[\n;,|]|\.\s)\s*(?P<label>(?:(?:full|first|last|user)\s*)?(?P<name>names?)|who(?:m|\s+for|\s+(?:will|is|gets|should)\s[^:.\n]{1,30}?)?"
    r"|for\s+whom|persons?|people|employee|colleague|user|beneficiary|recipient|requested\s+for)"
    r"\s*[:=](?!//)(?P<said>(?:(?!\.\s)[^\n;,|])*)",
    re.IGNORECASE,
)
_SELF = re.compile(r"\b(?:me|myself|self|I)\b", re.IGNORECASE)


def open_field(
    text: str, people: Sequence[tuple[int, int]], knows: Callable[[str], bool]
) -> tuple[int, int] | None:
    """(1)(2): the first open field; `people` are the places of names that the directory has.

    >>> said = "who: tba; what: see the logs"
    >>> said[slice(*open_field(said, (), lambda key: False))]
    'who: tba'
    """
    for match in _FIELD.finditer(text):
        low, high = match.span("said")
        named = any(low <= start < high for start, _ in people)
        keys = [key_of(word.folded) for word in words(match["said"])] if match["name"] else []
        thing = bool(keys) and all(map(knows, keys))
        if not (named or thing or _SELF.search(match["said"])):
            return (match.start("label"), low + len(match["said"].rstrip()))
    return None
