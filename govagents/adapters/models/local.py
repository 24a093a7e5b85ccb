"""The reader without a model: the speaker's own words against the catalog's, the same every time.

Rules:
1. It proposes only what it is sure of: a clear lead over every other permission, by words that
   are rare in the catalog. Everything else is a question with the best candidates; a wrong
   proposal is worse.
2. A role asked for wholesale is set aside; what is said beside it is what is needed. Nothing
   beside it is a question.
3. Words that leave open what is wanted are a question, however well they match.
4. A thing no catalog governs, and this one does not speak of, is no match; a question where what
   is to be done is something the catalog has ("assign the forklift course").
5. The answer to a question is read like a request of its own; what it leaves out the request
   says.
6. What is refused, only asked about or only told is not wished for: a question.
7. One word among many that say nothing to the catalog is not enough to be sure.
8. Where the words rule changing out, what changes something is a question.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from pydantic import TypeAdapter, ValidationError

from govagents.domain.prompt import Prompt
from govagents.domain.question import About
from govagents.domain.text import Untrusted
from govagents.errors import InputError, ModelError
from govagents.perception.asks import broad, unspecific
from govagents.perception.idle import idle
from govagents.perception.index import CatalogIndex, Term, key_of, terms
from govagents.perception.own_words import own_words
from govagents.perception.ranking import Ranked, Ranking, Surroundings, rank
from govagents.perception.ruled_out import left_alone
from govagents.perception.sentences import asks, blank, sentences
from govagents.perception.tickets import TICKET
from govagents.perception.vocabulary import ELSEWHERE
from govagents.perception.windows import read_window
from govagents.perception.wished import addressed, denied
from govagents.perception.words import words

T = TypeVar("T")

_SURE = ((500, 12, 15), (750, 8, 30))  # (1) score, lead in hundredths, rare words: either row does
_OPTIONS = 5
_MOST = 10
_SEVERAL_SYSTEMS = 3
_OVERLOOKED = 60
_MANY_WORDS = 4
_CLOSE = 70  # hundredths of the best score


@dataclass(frozen=True)
class _Verdict:
    needs: tuple[Ranked, ...]
    sure: bool
    about: About | None


class LocalModel:
    """Reads by words alone; needs no network, no weights and no time."""

    name = "local"

    def answer(
        self,
        prompt: Prompt,
        inputs: Mapping[str, object],
        words: Sequence[Untrusted],
        *,
        into: type[T],
    ) -> T:
        """Answers the prompt `read` alone.

        Raises:
            ModelError: another prompt, or a form that holds no reading.
        """
        if prompt.id != "read":
            message = f"the local reader answers `read` alone, not `{prompt.id}`: set a chat model"
            raise ModelError(message)
        found = _read([part.raw() for part in words], inputs)
        try:
            return TypeAdapter(into).validate_json(json.dumps(found))
        except ValidationError as problem:
            message = f"a reading does not fit the form asked for: {problem.error_count()} problems"
            raise ModelError(message) from problem


def _read(said: Sequence[str], inputs: Mapping[str, object]) -> dict[str, object]:
    """(5): the last answer counts where it asks for something, else what stood before it."""
    first: dict[str, object] = {}
    for part in reversed(range(len(said))):
        found = _Part(said[part], part, inputs).reading()
        if part == 0 and not first:
            return found
        if found["needs"]:
            return found
    return _Part(said[0], 0, inputs).reading() if said else {}


class _Part:
    """One thing the speaker wrote, with what is not asked for blanked out."""

    def __init__(self, raw: str, number: int, inputs: Mapping[str, object]) -> None:
        self.number = number
        self.index = cast("CatalogIndex", inputs["index"])
        self.around = cast("Surroundings", inputs["around"])
        self.shown = {item["id"] for item in cast("list[dict[str, str]]", inputs["candidates"])}
        self.own = own_words(raw)
        self.timed = _times(self.own, cast("datetime", inputs["now"]))
        named = cast("list[list[tuple[int, int]]]", inputs.get("named", []))
        people = named[number] if number < len(named) else []
        tickets = [match.span() for match in TICKET.finditer(self.own)]
        self.wholesale = broad(blank(self.own, tickets))
        aside = (*addressed(self.own), *left_alone(self.own))
        self.text = blank(self.own, [*self.timed, *tickets, *people, *self.wholesale, *aside])

    def reading(self) -> dict[str, object]:
        ranking = rank(self.text, self.index, self.around)
        verdict = self._verdict(ranking)
        needs = [self._need(item, verdict, ranking) for item in verdict.needs]
        return {
            "needs": [need for need in needs if need["permission"] in self.shown],
            "window": [self._quote(*span) for span in self.timed[:_MOST]],
            "purpose": self._purpose(),
            "about": verdict.about,
        }

    def _purpose(self) -> dict[str, object] | None:
        """What follows "because" or its like; else the first sentence that tells, not asks."""
        telling = [span for span in sentences(self.own) if not asks(self.own[slice(*span)])]
        reason = _REASON.search(self.own)
        span = reason.span() if reason else (telling[0] if telling else None)
        if span is None or span[1] - span[0] > _LONGEST_QUOTE or not _content(self.text, span):
            return None
        return self._quote(*span)

    def _verdict(self, ranking: Ranking) -> _Verdict:
        best = self._best(ranking)
        if self._unwished(ranking):
            return _Verdict(best, sure=False, about=About.PERMISSION)  # (6)
        if self._elsewhere(ranking):
            near = self._near(ranking)
            return _Verdict(best if near else (), sure=False, about=near)  # (4)
        if not ranking.ranked:
            lost = bool(self.wholesale) or bool(_wishes(self.text)) or unspecific(self.own)
            return _Verdict((), sure=False, about=About.PERMISSION if lost else None)
        if unspecific(self.own) or self._against(ranking) or not self._sure(ranking):
            return _Verdict(best, sure=False, about=_about(best, self.index))  # (1)(3)
        return _Verdict(ranking.needs, sure=True, about=None)

    def _against(self, ranking: Ranking) -> bool:
        """(8)."""
        changes = any(
            self.index.permissions[item.permission].access_level.changes for item in ranking.needs
        )
        return ranking.intent.read_only and changes

    def _unwished(self, ranking: Ranking) -> bool:
        """(6): a refusal governs what is read, or nothing but questions, or but telling."""
        refused = denied(self.own)
        if not refused:
            return self.number == 0 and idle(self.own)
        said = frozenset[str]().union(*(item.matched for item in ranking.needs))
        free = {
            term.key
            for term in ranking.terms
            if not any(low <= term.start < high for low, high in refused)
        }
        return self._mass(said & free) * 2 <= self._mass(said)

    def _lonely(self, said: frozenset[str], ranking: Ranking) -> bool:
        """(7)."""
        places = {term.start for term in ranking.terms}
        spoken = {term.start for term in ranking.terms if term.key in said}
        strange = {term.start for term in ranking.terms if not self.index.knows(term.key)}
        few = 2 if len(strange) > _MANY_WORDS - 1 else 1
        return len(spoken) <= few and len(places) >= _MANY_WORDS

    def _best(self, ranking: Ranking) -> tuple[Ranked, ...]:
        """What a question offers: the needs as read, then the next best."""
        names = {item.permission for item in ranking.needs}
        rest = [item for item in ranking.ranked if item.permission not in names]
        return (*ranking.needs, *rest)[:_OPTIONS]

    def _elsewhere(self, ranking: Ranking) -> bool:
        """(4)."""
        foreign = {key_of(word.folded) for word in words(self.own)} & ELSEWHERE
        unknown = {key for key in foreign if not self.index.knows(key)}
        return bool(unknown) and not (ranking.ranked and ranking.ranked[0].score >= _BEYOND_DOUBT)

    def _near(self, ranking: Ranking) -> About | None:
        """(4): what is asked about where doing just that to something the catalog has is said."""
        first = ranking.ranked[0] if ranking.ranked else None
        if first is None or first.score < _NEAR_BY or len(first.matched) == 1:
            return None
        said = self.index.actions[first.permission] & ranking.intent.said
        return About.PERMISSION if said else None

    def _sure(self, ranking: Ranking) -> bool:
        """(1)."""
        names = {item.permission for item in ranking.needs}
        rivals = [
            item
            for item in ranking.ranked
            if item.permission not in names and not self._settled(item, ranking)
        ]
        scores = [item.score for item in ranking.ranked if item.permission in names]
        said = frozenset[str]().union(*(item.matched for item in ranking.needs))
        lead = 100 * (min(scores) - max((item.score for item in rivals), default=0))
        clear = any(
            scores[0] >= score and lead >= ahead * scores[0] and self._mass(said) >= rare
            for score, ahead, rare in _SURE
        )
        clear = clear and not self._lonely(said, ranking)
        return clear and not any(
            item.score * 100 >= _OVERLOOKED * scores[0] and self._speaks_apart(item, said)
            for item in rivals
        )

    def _settled(self, item: Ranked, ranking: Ranking) -> bool:
        """Whether a need on the same thing had its very action said, and `item` had not."""
        said = ranking.intent.said
        if self.index.actions[item.permission] & said:
            return False
        thing = item.permission.rsplit(":", 1)[0]
        return any(
            need.permission.rsplit(":", 1)[0] == thing
            and self.index.actions[need.permission] & said
            for need in ranking.needs
        )

    def _speaks_apart(self, item: Ranked, said: frozenset[str]) -> bool:
        """Whether mostly other words speak for `item`: then it may be wanted as well."""
        new = item.matched - said
        return len(new) > 1 and self._mass(new) > self._mass(item.matched & said)

    def _mass(self, keys: frozenset[str]) -> float:
        return sum(self.index.idf(key) ** 2 for key in sorted(keys))

    def _need(self, item: Ranked, verdict: _Verdict, ranking: Ranking) -> dict[str, object]:
        matched = [term for term in ranking.terms if term.key in item.matched]
        confidence = min(99, 60 + item.score // 40) if verdict.sure else min(49, item.score // 20)
        return {
            "permission": item.permission,
            "confidence": confidence,
            "quote": self._quote(*_stretch(matched, len(self.own))),
        }

    def _quote(self, start: int, end: int) -> dict[str, object]:
        return {"words": self.own[start:end], "part": self.number, "start": start}


_BEYOND_DOUBT, _NEAR_BY = 900, 480
_LONGEST_QUOTE = 1000
_REASON = re.compile(
    r"\b(?:because|so\s+that|in\s+order\s+to|weil|porque|parce\s+que)\b[^.!?;]{3,300}"
)


def _content(text: str, span: tuple[int, int]) -> bool:
    """Whether something is said there besides times, tickets and names."""
    return bool(terms(text[slice(*span)]))


def _wishes(text: str) -> str:
    return " ".join(word.text for word in words(text))


def _stretch(matched: Sequence[Term], length: int) -> tuple[int, int]:
    """From the first to the last word that speaks for a need, if they stand near each other."""
    if not matched:
        return (0, length)
    start, end = matched[0].start, matched[0].end
    for term in matched[1:]:
        if term.start - end <= _NEAR:
            end = max(end, term.end)
    return (start, end)


_NEAR = 60


def _times(own: str, at: datetime) -> tuple[tuple[int, int], ...]:
    try:
        return read_window(own, at).spans
    except InputError:  # the resolver says so to the speaker
        return ()


def _about(best: Sequence[Ranked], index: CatalogIndex) -> About:
    """Which product is the cheapest question where several could be meant."""
    close = [item for item in best if item.score * 100 >= _CLOSE * best[0].score]
    systems = {index.permissions[item.permission].system for item in close}
    return About.SYSTEM if len(systems) >= _SEVERAL_SYSTEMS else About.PERMISSION
