"""Any LangChain chat model behind the model port.

1. The prompt is the system message and holds trusted data alone; each thing the speaker wrote is
   a human message of its own. Nothing of one enters the other.
2. The answer is one JSON object of the form asked for, checked strictly; anything else is a
   ModelError. Nothing is repaired, and nothing the model says is shown or executed.
"""

import importlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from langchain_core.exceptions import LangChainException
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import TypeAdapter, ValidationError

from govagents.adapters.prompts import filled, places
from govagents.domain.canonical import plain
from govagents.domain.prompt import Prompt
from govagents.domain.text import Untrusted
from govagents.errors import ConfigurationError, ModelError

T = TypeVar("T")

_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(?P<json>.*)\n```\s*\Z", re.DOTALL)
_MOST = 100_000


@dataclass(frozen=True)
class ChatModel:
    """`model` asked through the port; `name` is what readings say."""

    model: BaseChatModel
    name: str

    def answer(
        self,
        prompt: Prompt,
        inputs: Mapping[str, object],
        words: Sequence[Untrusted],
        *,
        into: type[T],
    ) -> T:
        """One call, one answer.

        Raises:
            ModelError: unreachable, or the answer is not of the form `into`.
        """
        messages = messages_of(prompt, inputs, words)
        try:
            reply = self.model.invoke(messages)
        except (LangChainException, OSError, RuntimeError, ValueError) as problem:
            # what else a vendor raises ends the request in the runner, equally without a grant
            message = f"model `{self.name}` gave no answer: {type(problem).__name__}; set `local`"
            raise ModelError(message) from problem
        return parsed(_text_of(reply), into, self.name)


def chat_model(spec: str) -> ChatModel:
    """The model `spec` names: `package.module:factory`, or `provider:model` of `langchain`.

    Raises:
        ConfigurationError: there is no such thing, or it is no chat model.
    """
    module, _, name = spec.partition(":")
    try:
        found = _made(module, name)
    except (ImportError, AttributeError, ValueError, TypeError) as problem:
        message = (
            f"model `{spec}` cannot be made: {problem}; set `local`, or `package.module:factory`"
        )
        raise ConfigurationError(message) from problem
    if not isinstance(found, BaseChatModel):
        message = f"model `{spec}` is no LangChain chat model: name a factory that returns one"
        raise ConfigurationError(message)
    return ChatModel(found, spec)


def messages_of(
    prompt: Prompt, inputs: Mapping[str, object], words: Sequence[Untrusted]
) -> list[BaseMessage]:
    """(1)."""
    system = SystemMessage(filled(prompt.text, named_inputs(prompt, inputs)))
    return [system, *(HumanMessage(part.raw()) for part in words)]


def named_inputs(prompt: Prompt, inputs: Mapping[str, object]) -> dict[str, str]:
    """The inputs the prompt's text names, as JSON; the others are for readers that compute.

    Raises:
        ModelError: the prompt names an input that was not given.
    """
    missing = [name for name in places(prompt.text) if name not in inputs]
    if missing:
        message = (
            f"prompt `{prompt.id}` names `{missing[0]}`, which nobody gives it: mend the prompt"
        )
        raise ModelError(message)
    return {
        name: json.dumps(plain(inputs[name]), ensure_ascii=False, sort_keys=True)
        for name in places(prompt.text)
    }


def parsed(text: str, into: type[T], name: str) -> T:
    """(2).

    Raises:
        ModelError: not one JSON object of that form.
    """
    fenced = _FENCED.match(text)
    body = (fenced["json"] if fenced else text)[:_MOST]  # cut short, it is no JSON
    try:
        return TypeAdapter(into).validate_json(body)
    except (ValidationError, RecursionError) as problem:
        message = (
            f"the answer of model `{name}` is not of the form asked for: ask again or set `local`"
        )
        raise ModelError(message) from problem


def _made(module: str, name: str) -> object:
    if "." in module:
        return getattr(importlib.import_module(module), name)()
    make = importlib.import_module("langchain.chat_models").init_chat_model
    return make(f"{module}:{name}" if name else module)


def _text_of(reply: BaseMessage) -> str:
    return reply.content if isinstance(reply.content, str) else ""
