"""A model's answers, recorded once and replayed: same prompt, same inputs, same words, same answer.

An entry is keyed by digests and holds the answer alone, so a recording tells nothing of what was
said.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from govagents.adapters.models.chat import named_inputs
from govagents.domain.canonical import digest
from govagents.domain.prompt import Prompt
from govagents.domain.text import Untrusted
from govagents.errors import ModelError
from govagents.ports import Model

T = TypeVar("T")


@dataclass(frozen=True)
class ReplayedModel:
    """Answers from the recording in `folder`; what was never recorded is no answer."""

    folder: Path
    name: str = "recorded"

    def answer(
        self,
        prompt: Prompt,
        inputs: Mapping[str, object],
        words: Sequence[Untrusted],
        *,
        into: type[T],
    ) -> T:
        """The recorded answer.

        Raises:
            ModelError: none was recorded, or it no longer fits `into`.
        """
        key = recording_key(prompt, inputs, words)
        path = self.folder / f"{key}.json"
        if not path.is_file():
            message = f"no answer to `{prompt.id}` is recorded as `{key[:12]}`: record it first"
            raise ModelError(message)
        try:
            return TypeAdapter(into).validate_json(path.read_bytes())
        except ValidationError as problem:
            message = f"recorded answer `{key[:12]}` no longer fits `{prompt.id}`: record it again"
            raise ModelError(message) from problem


@dataclass(frozen=True)
class RecordingModel:
    """Passes everything to `model` and keeps its answers in `folder`."""

    model: Model
    folder: Path

    @property
    def name(self) -> str:
        """The recorded model's own."""
        return self.model.name

    def answer(
        self,
        prompt: Prompt,
        inputs: Mapping[str, object],
        words: Sequence[Untrusted],
        *,
        into: type[T],
    ) -> T:
        """The model's answer, kept before it is given back.

        Raises:
            ModelError: the model gave none; nothing is kept.
        """
        found = self.model.answer(prompt, inputs, words, into=into)
        kept = TypeAdapter(into).dump_python(found, mode="json")
        path = self.folder / f"{recording_key(prompt, inputs, words)}.json"
        path.write_text(json.dumps(kept, sort_keys=True, indent=1) + "\n", encoding="utf-8")
        return found


def recording_key(prompt: Prompt, inputs: Mapping[str, object], words: Sequence[Untrusted]) -> str:
    """What an answer is filed under: digests of prompt, of the inputs it names, of words."""
    texts = [part.raw().encode("utf-8", "surrogatepass") for part in words]
    said = [hashlib.sha256(text).hexdigest() for text in texts]
    return digest({"prompt": prompt.digest, "inputs": named_inputs(prompt, inputs), "words": said})
