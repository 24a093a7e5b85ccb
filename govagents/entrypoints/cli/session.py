"""One command's sitting: the store it opened, who speaks, and where it answers.

Rules:
1. Who speaks is the process's effective user, as the store's settings map it; `--as` says otherwise
   in a demo store and nowhere else. Nobody is assumed.
2. `--now` moves a demo store's clock; elsewhere it is refused, except for a plan, which moves
   nothing.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from govagents.domain.ids import IdentityId
from govagents.domain.world import World
from govagents.entrypoints.cli.hints import Hints
from govagents.entrypoints.cli.options import Common, Invocation, instant_from
from govagents.entrypoints.cli.output import Screen
from govagents.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from govagents.wiring import App


@dataclass(frozen=True)
class Session:
    """`who` is None until somebody has to be named: reading needs nobody."""

    app: "App"
    screen: Screen
    hints: Hints
    who: IdentityId | None

    @property
    def demo(self) -> bool:
        """Whether it is a demo store, where anybody can be anybody."""
        return self.hints.demo

    def speaker(self) -> IdentityId:
        """(1) Who speaks.

        Raises:
            InputError: nobody was named, or the company does not know the name.
        """
        if self.who is None:
            raise InputError(
                "nobody said who you are: add `--as ID`"
                if self.demo
                else f"user id {os.geteuid()} is nobody of this company: "
                "add it under `operators` in the store's settings"
            )
        if self.who not in self.world().identities:
            raise UnknownNameError(f"the company has no identity `{self.who}`")
        return self.who

    def world(self) -> World:
        """The company as it is now."""
        with self.app.records.begin() as tx:
            return tx.world()

    def next(self, *words: str, as_: str | None = None) -> str:
        """A command to type as somebody; `as_` None = whoever speaks now."""
        return self.hints.command(*words, as_=as_ or self.who)

    def look(self, *words: str) -> str:
        """A command to type that only looks: it needs nobody."""
        return self.hints.command(*words)


def open_session(context: typer.Context, common: Common, *, plan_only: bool = False) -> Session:
    """Opens the store.

    Raises:
        ConfigurationError: there is none, or it is of another kind.
        InputError: `--as` or `--now` where they may not be.
    """
    from govagents.wiring import open_app

    now = None if common.now is None else instant_from(common.now)
    app = open_app(home_of(context, common), now=now, plan_only=plan_only)
    invocation = context.obj
    if isinstance(invocation, Invocation):
        invocation.after.callback(app.records.close)
        invocation.after.callback(app.memory.close)
    demo = app.records.demo
    if common.as_ is not None and not demo:  # (1)
        raise InputError("`--as` is for demo stores: here you are who you are logged in as")
    who = common.as_ or app.settings.operators.get(str(os.geteuid()))
    return Session(
        app=app,
        screen=Screen(common.json),
        hints=Hints(common.home, demo),
        who=None if who is None else IdentityId(who),
    )


def home_of(context: typer.Context, common: Common) -> Path | None:
    """The folder named on the command line, or else by whoever runs it."""
    invocation = context.obj
    unnamed = invocation.home if isinstance(invocation, Invocation) else None
    return common.home or unnamed
