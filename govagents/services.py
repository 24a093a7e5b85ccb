"""The ports an agent may be handed, together. `wiring` fills it; `roster` hands out parts of it."""

from dataclasses import dataclass

from govagents.ports import (
    Catalogs,
    Clock,
    DecisionPoint,
    Directory,
    Facts,
    Guard,
    Holdings,
    Memory,
    Model,
    Prompts,
    Readings,
    Records,
    Tickets,
    Usage,
    Words,
)
from govagents.solver.weights import Weights


@dataclass(frozen=True)
class Services:
    """Every power there is. A power is a field; what an agent was not handed is `Withheld`."""

    words: Words
    catalogs: Catalogs
    directory: Directory
    tickets: Tickets
    model: Model
    prompts: Prompts
    holdings: Holdings
    readings: Readings
    usage: Usage
    weights: Weights
    facts: Facts
    policy: DecisionPoint
    memory: Memory
    guard: Guard
    records: Records
    clock: Clock
