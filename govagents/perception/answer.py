"""The form of a reader's answer, at the border to any model."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

_Id = Field(min_length=1, max_length=300)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Quote(_Strict):
    """Words of the speaker, exactly as they stand; `start` settles which of several equal ones."""

    words: str = Field(min_length=1, max_length=1000)
    part: int = Field(default=0, ge=0, le=99)
    start: int | None = Field(default=None, ge=0)


class NeedAnswer(_Strict):
    """One permission asked for, how sure the reader is (0 to 100), and the words that ask."""

    permission: str = _Id
    confidence: int = Field(ge=0, le=100)
    quote: Quote


class ReadAnswer(_Strict):
    """What was read. No need and no `about` means that nothing on offer does what is wanted.

    With `about` set, `needs` are what may be meant, best first, for one question.
    """

    needs: tuple[NeedAnswer, ...] = Field(default=(), max_length=10)
    roles: tuple[str, ...] = Field(default=(), max_length=10)
    beneficiary: Quote | None = None
    window: tuple[Quote, ...] = Field(default=(), max_length=10)
    tickets: tuple[Quote, ...] = Field(default=(), max_length=10)
    purpose: Quote | None = None
    warnings: tuple[str, ...] = Field(default=(), max_length=10)
    about: (
        Literal[
            "permission", "role", "system", "beneficiary", "window", "ticket", "purpose", "human"
        ]
        | None
    ) = None
