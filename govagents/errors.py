"""Errors, grouped by whose problem they are. A denial is not here: it is a `Decision`.

An error means "could not decide" or "could not do". `entrypoints/` alone maps these classes to
exit codes. Messages are lower case, put user input in backticks and say what to do next.
"""


class GovAgentsError(Exception):
    """Anything this project raises on purpose; `code` is stable and safe to show."""

    code = "error"


class InputError(GovAgentsError):
    """The caller can mend it: a name, a date, a file."""

    code = "input"


class UnknownNameError(InputError):
    """No identity, role, permission, ticket, request or grant has that name."""

    code = "unknown-name"


class FileError(InputError):
    """A file does not hold what its format asks for; names file, line and field."""

    code = "bad-file"

    def __init__(self, file: str, line: int | None, field: str | None, problem: str) -> None:
        """`line` counts from 1; None where the format has no lines."""
        where = f"{file}:{line}" if line is not None else file
        super().__init__(f"{where}: {f'`{field}` ' if field else ''}{problem}")
        self.file, self.line, self.field = file, line, field


class StateError(GovAgentsError):
    """The world moved: already decided, already ended, a fact changed meanwhile."""

    code = "state"


class StaleDecisionError(StateError):
    """What was decided on is no longer what is there; decide again."""

    code = "stale"


class TargetError(GovAgentsError):
    """Another system. The subclass says what is known about the effect."""

    code = "target"


class TargetUnavailableError(TargetError):
    """Nothing happened; may be tried again."""

    code = "target-unavailable"


class TargetRefusedError(TargetError):
    """Nothing happened; trying again will not help."""

    code = "target-refused"


class OutcomeUnknownError(TargetError):
    """It may have happened: read the target back, never repeat blindly."""

    code = "target-unknown"


class ModelError(GovAgentsError):
    """The model was unreachable or its answer was not of the asked form."""

    code = "model"


class GuardError(GovAgentsError):
    """An effect was asked for without a valid decision: a bug or an attack."""

    code = "guard"


class PowerWithheldError(GuardError):
    """An agent used a power it was not handed; `agent` and `power` say which."""

    code = "power-withheld"

    def __init__(self, agent: str, power: str) -> None:
        """Names both, because the person who reads it must mend the roster."""
        super().__init__(
            f"agent `{agent}` was not handed `{power}`: nothing was given; "
            f"add the power to its line in the roster or withdraw the node"
        )
        self.agent, self.power = agent, power


class IntegrityError(GovAgentsError):
    """A digest, the log or the store disagrees with itself: stop giving."""

    code = "integrity"


class ConfigurationError(GovAgentsError):
    """Found at start only; nothing runs until it is mended."""

    code = "configuration"
