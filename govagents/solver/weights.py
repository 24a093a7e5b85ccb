"""What one permission costs when nobody asked for it: access level times sensitivity."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

UNKNOWN_LEVEL = 20
"""Weight of an access level the table does not name: as dear as the dearest known one."""

_LEVELS = {
    "read": 1,
    "list": 1,
    "tagging": 2,
    "write": 5,
    "permissions-management": 20,
    "unknown": UNKNOWN_LEVEL,
}
_SENSITIVITY = {"public": 1, "internal": 1, "confidential": 2, "restricted": 4}


def canonical_digest(value: object) -> str:
    """SHA-256 of the value's canonical JSON: sorted keys, no spaces, UTF-8.

    >>> canonical_digest({"b": 1, "a": [2]}) == canonical_digest({"a": [2], "b": 1})
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True)
class Weights:
    """An operator's price list; `digest` goes into every certificate made with it."""

    table: Mapping[str, int]
    sensitivity: Mapping[str, int]

    def __post_init__(self) -> None:
        """Refuses negative or fractional weights: the bounds rest on sums that only grow."""
        for name, value in (*self.table.items(), *self.sensitivity.items()):
            if type(value) is not int or value < 0:
                raise ValueError(f"weight of `{name}` is not a whole number from 0: `{value}`")
        if not self.sensitivity:
            raise ValueError("weights name no sensitivity: give a factor for at least one")
        object.__setattr__(self, "table", MappingProxyType(dict(self.table)))
        object.__setattr__(self, "sensitivity", MappingProxyType(dict(self.sensitivity)))

    @classmethod
    def default(cls) -> "Weights":
        """The published default; only an operator's file replaces it."""
        return cls(_LEVELS, _SENSITIVITY)

    def of(self, access_level: str, sensitivity: str) -> int:
        """Weight of one permission; what the tables do not know costs the most.

        >>> Weights.default().of("write", "restricted")
        20
        """
        factor = self.sensitivity.get(sensitivity, max(self.sensitivity.values()))
        return self.table.get(access_level, UNKNOWN_LEVEL) * factor

    def to_json(self) -> dict[str, dict[str, int]]:
        """The plain form the checker reads."""
        return {"access_level": dict(self.table), "sensitivity": dict(self.sensitivity)}

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical JSON of both tables."""
        return canonical_digest(self.to_json())
