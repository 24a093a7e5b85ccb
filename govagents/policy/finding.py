"""What is wrong with a policy file, as data."""

from dataclasses import dataclass
from enum import StrEnum

FOLDER = "policies"
"""The file of a finding that is about the folder itself."""


class Severity(StrEnum):
    """An error is mended before anything is decided with care; a warning is looked at."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """Something about a policy file.

    `line` counts from 1; `policy` is empty where it is about the file itself.
    """

    severity: Severity
    file: str
    line: int | None
    policy: str
    text: str

    def __str__(self) -> str:
        """One line for a person."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where}: {f'`{self.policy}`: ' if self.policy else ''}{self.text}"
