"""Text as words: folded, cut, reduced to stems, each with its place."""

import re
import unicodedata
from typing import NamedTuple

_WORD = re.compile(r"[^\W_]+(?:['’](?=[^\W\d_])[^\W\d_]+)?")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_ENDINGS = (
    ("ational", "ate"), ("isation", "ise"), ("ization", "ise"), ("ising", "ise"),
    ("izing", "ise"), ("ized", "ise"), ("ised", "ise"), ("ies", "y"), ("ied", "y"),
)  # fmt: skip
_SHORTEST = 3


class Word(NamedTuple):
    """One word: where it stands, as it is written, folded."""

    start: int
    end: int
    text: str
    folded: str


def fold(text: str) -> str:
    """Lower case without accents.

    >>> fold("Gdańsk São")
    'gdansk sao'
    """
    apart = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> tuple[Word, ...]:
    """The words of `text` in order; the tail after an apostrophe is cut."""
    found = []
    for match in _WORD.finditer(text):
        folded = fold(re.split(r"['’]", match.group())[0])
        found.append(Word(match.start(), match.end(), match.group(), folded))
    return tuple(found)


def id_words(identifier: str) -> tuple[str, ...]:
    """The words of an identifier: cut at punctuation and where the case changes.

    >>> id_words("resourcemanager.projects.getIamPolicy")
    ('resourcemanager', 'projects', 'get', 'iam', 'policy')
    """
    return tuple(fold(part) for part in re.split(r"[\W_]+", _CAMEL.sub(" ", identifier)) if part)


def stem(word: str) -> str:
    """A short stem of an English word: the plural, -ing, -ed and a final e go.

    >>> [stem(word) for word in ("policies", "restarting", "invoices", "planned", "status")]
    ['policy', 'restart', 'invoic', 'plan', 'status']
    """
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return _bare(word.removesuffix(ending) + instead)
    if len(word) > _SHORTEST and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = (
            word.removesuffix("es") if word.endswith(("ches", "shes", "sses", "xes")) else word[:-1]
        )
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= _SHORTEST and re.search("[aeiouy]", rest):
            doubled = len(rest) > _SHORTEST and rest[-1] == rest[-2] and rest[-1] not in "lsz"
            return _bare(rest[:-1] if doubled else rest)
    return _bare(word)


def _bare(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST and word.endswith("e") else word
