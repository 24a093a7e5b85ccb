"""Warnings the speaker's own words raise: they may only deny or call a person.

The cues are the world's (warnings.yaml: prohibition id to lines), because what a
company forbids, and how it is said there, is the company's. A line is a list of words; it is
raised where all of them stand in one sentence, in any order; `word*` is a beginning. Plain words
and not patterns: they run on hostile text, and a pattern can be made to run for ever.
"""

from collections.abc import Iterable, Mapping

from govagents.domain.world import World
from govagents.perception.sentences import sentences
from govagents.perception.words import fold, words


def cautions(text: str, world: World) -> tuple[str, ...]:
    """Ids of the prohibitions whose cues stand in `text`, sorted."""
    found = world.settings.get("warnings")
    cues = found.get("cues") if isinstance(found, Mapping) else None
    if not isinstance(cues, Mapping):
        return ()
    said = [{word.folded for word in words(text[low:high])} for low, high in sentences(text)]
    known = {item.id for item in world.eligibility.prohibitions}
    return tuple(sorted(name for name in known & set(cues) if _raised(cues[name], said)))


def _raised(lines: object, said: Iterable[set[str]]) -> bool:
    if not isinstance(lines, list | tuple):
        return False
    wanted = [fold(str(line)).split() for line in lines]
    return any(
        all(_stands(word, sentence) for word in line)
        for line in wanted
        if line
        for sentence in said
    )


def _stands(word: str, sentence: set[str]) -> bool:
    if word.endswith("*"):
        return any(item.startswith(word[:-1]) for item in sentence)
    return word in sentence
