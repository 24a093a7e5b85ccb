"""Files that map a name of the company to something said about it: trust, phrases, warnings."""

from pydantic import Field

from govagents.adapters.world.fields import Line, Name, Record


class TrustRecord(Record):
    """One line of trust.yaml, as it is kept."""

    trust: int = Field(ge=0, le=100)


class WarningsRecord(Record):
    """The whole of warnings.yaml: a prohibition's id to the cues that raise it."""

    cues: dict[Name, tuple[Line, ...]] = Field(default_factory=dict)


class PhraseRecord(Record):
    """One permission's entry in phrases.yaml, as it is kept."""

    phrases: tuple[Line, ...]
