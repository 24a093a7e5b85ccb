"""Words → Reading: a model answers, this checks every line of the answer.

1. The model may name what it was shown: candidates found by the speaker's own words, roles that
   the words name, prohibitions that exist. Anything else is dropped.
2. Every need points at words that stand there. INVARIANT (own words): a need whose words are
   quoted, forwarded or pasted is dropped, whoever the reader is.
3. Dropping leaves a question, never silence: nothing left where something was claimed asks.
4. What the words refuse, only ask about or leave open is no need, whoever reads (`disposal.py`).
5. A model that fails ends the reading, unless another was named to stand in; the reading says who
   read.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId, PermissionId, RoleId
from govagents.domain.prompt import Candidate
from govagents.domain.question import About
from govagents.domain.request import Extension, Need, Reading, Request
from govagents.domain.text import Span, Untrusted
from govagents.domain.world import World
from govagents.errors import ModelError
from govagents.perception.answer import NeedAnswer, Quote, ReadAnswer
from govagents.perception.cautions import cautions
from govagents.perception.disposal import disposed, wishes
from govagents.perception.index import CatalogIndex
from govagents.perception.mentions import mentions
from govagents.perception.named import named_roles
from govagents.perception.own_words import own_words
from govagents.perception.ranking import Surroundings
from govagents.perception.retrieval import candidates, index_of
from govagents.perception.words import words
from govagents.ports import Catalogs, Directory, Model, Prompts, Words


class ToRead(TypedDict):
    """What the reader is handed; where more time is asked for, nothing is to be read."""

    request: Request
    extension: NotRequired[Extension]


class Read(TypedDict):
    """What it writes."""

    reading: Reading


@dataclass(frozen=True)
class Reader:
    """Asks `model` what the words ask for. `fallback` reads where `model` fails."""

    model: Model
    prompts: Prompts
    words: Words
    catalogs: Catalogs
    directory: Directory
    fallback: Model | None = None

    def __call__(self, state: ToRead) -> Read:
        """Reads everything the speaker wrote so far."""
        if "extension" in state:
            return {"reading": Reading(reader="none")}
        request, catalog, world = state["request"], self.catalogs.current(), self.directory.world()
        said = self.words.of(request.id)
        own = [own_words(part.raw()) for part in said]
        index = index_of(catalog, world)
        shown = candidates(own, index)
        inputs = {
            "candidates": [_shown(item) for item in shown],
            "systems": [{"id": item.id, "name": item.name} for item in world.systems.values()],
            "warnings": [
                {"id": item.id, "reason": item.reason} for item in world.eligibility.prohibitions
            ],
            "now": request.at,
            "index": index,
            "around": surroundings(request.speaker, world, catalog),
            "named": [_people(text, request.speaker, world) for text in own],
        }
        answer, reader = self._answer(inputs, said)
        checked = _Checked(answer, shown, said, own, index)
        return {"reading": checked.reading(catalog, world, reader)}

    def _answer(
        self, inputs: Mapping[str, object], said: Sequence[Untrusted]
    ) -> tuple[ReadAnswer, str]:
        prompt = self.prompts["read"]
        try:
            return self.model.answer(prompt, inputs, said, into=ReadAnswer), self.model.name
        except ModelError:
            if self.fallback is None:
                raise
            answer = self.fallback.answer(prompt, inputs, said, into=ReadAnswer)  # (5)
            return answer, f"{self.fallback.name} instead of {self.model.name}"


def _people(text: str, speaker: IdentityId, world: World) -> list[tuple[int, int]]:
    identity = world.identities.get(speaker)
    if identity is None:
        return []
    return [(item.start, item.end) for item in mentions(text, identity, world)]


def surroundings(speaker: IdentityId, world: World, catalog: Catalog) -> Surroundings:
    """The systems, and those the speaker has worked with: held roles, or an agent's ceiling."""
    identity = world.identities.get(speaker)
    if identity is not None and identity.nonhuman is not None:
        return Surroundings(world.systems, identity.nonhuman.ceiling.systems)
    held = (item.role for item in world.assignments if item.identity == speaker)
    familiar = {
        system
        for role in held
        if role in catalog.roles
        for system in catalog.systems_of(catalog.roles[role])
    }
    return Surroundings(world.systems, frozenset(familiar))


def _shown(item: Candidate) -> dict[str, object]:
    permission = item.permission
    return {
        "id": permission.id,
        "does": permission.description,
        "level": permission.access_level,
        "system": permission.system,
        "roles": list(item.roles),
    }


@dataclass(frozen=True)
class _Checked:
    """(1)(2)(3)(4)."""

    answer: ReadAnswer
    shown: Sequence[Candidate]
    said: Sequence[Untrusted]
    own: Sequence[str]
    index: CatalogIndex

    def reading(self, catalog: Catalog, world: World, reader: str) -> Reading:
        needs, about = disposed(tuple(self._needs()), self.answer.about, self.own, self.index)
        roles = tuple(self._roles(catalog, world))
        if not needs and not roles and (self.answer.needs or self.answer.roles) and about is None:
            about = About.PERMISSION.value  # (3)
        prohibited = {item.id for item in world.eligibility.prohibitions}
        raised = {name for name in self.answer.warnings if name in prohibited}
        raised |= {name for text in self.own for name in cautions(text, world)}
        return Reading(
            needs=needs,
            roles=roles,
            beneficiary=self._place(self.answer.beneficiary),
            window=self._places(self.answer.window),
            tickets=self._places(self.answer.tickets),
            purpose=self._place(self.answer.purpose),
            warnings=tuple(sorted(raised)),
            about=about,
            reader=reader,
        )

    def _needs(self) -> Iterable[Need]:
        allowed = {item.permission.id for item in self.shown}
        seen: set[PermissionId] = set()
        for item in self.answer.needs:
            need = self._need(item)
            if need is not None and need.permission in allowed and need.permission not in seen:
                seen.add(need.permission)
                yield need

    def _need(self, item: NeedAnswer) -> Need | None:
        span = self._place(item.quote)
        if span is None:
            return None
        return Need(PermissionId(item.permission), item.confidence, span)

    def _roles(self, catalog: Catalog, world: World) -> Iterable[RoleId]:
        """Roles the words name; the model's list counts where the words bear it out."""
        wished = wishes(self.own)
        said = {word.folded for text in wished for word in words(text)}
        found = [item.role for text in wished for item in named_roles(text, catalog, world.systems)]
        for name in map(RoleId, self.answer.roles):
            role = catalog.roles.get(name)
            if role is not None and {word.folded for word in words(role.name)} <= said:
                found.append(name)
        return dict.fromkeys(found)

    def _places(self, quotes: Iterable[Quote]) -> tuple[Span, ...]:
        return tuple(span for quote in quotes if (span := self._place(quote)) is not None)

    def _place(self, quote: Quote | None) -> Span | None:
        """(2): where the quoted words stand among the speaker's own; None where they do not."""
        if quote is None or quote.part >= len(self.own) or not quote.words.strip():
            return None
        own, start = self.own[quote.part], quote.start
        if start is None or own[start : start + len(quote.words)] != quote.words:
            start = own.find(quote.words)
        return None if start < 0 else Span(start, start + len(quote.words), quote.part)
