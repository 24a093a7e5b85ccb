"""The proof tree: why no set is cheaper. Each kind of node is one argument; see the checker."""

from dataclasses import dataclass
from typing import NamedTuple

from govagents.solver.bounds import Amount


@dataclass(frozen=True)
class Leaf:
    """What is brought so far plus the split bound already reaches the best cost."""

    amounts: tuple[Amount, ...]


@dataclass(frozen=True)
class Dead:
    """No usable role is left for an open need."""

    need: int


@dataclass(frozen=True)
class Crowd:
    """These open needs are too many for the number of roles that may still be added."""

    needs: tuple[int, ...]


@dataclass(frozen=True)
class Open:
    """Not looked at: the budget ran out. A tree with one proves nothing."""


class Child(NamedTuple):
    """The part of the tree in which `role` is chosen and its earlier siblings are not.

    `cost`: what the chosen weigh there; from the best cost on, the part needs no argument.
    """

    role: int
    cost: int
    node: "Node"


@dataclass(frozen=True)
class Branch:
    """Some role covers `need`: one child for each that is not out by itself."""

    need: int
    children: tuple[Child, ...]


Node = Leaf | Dead | Crowd | Open | Branch
