"""A company in a store of its own, driven as people would drive it.

Everything is real but time and the targets: the database, the log, the policies, the graph. The
store is copied from one made once, so that a test may do to it what it likes.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from govagents.domain.grant import Grant
from govagents.domain.ids import IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.roster import ROSTER, Agent
from govagents.wiring import App, create_store, open_app


@dataclass
class Company:
    """A demo store in `home`; `world` is the folder its files were read from."""

    home: Path
    world: Path
    roster: tuple[Agent, ...] = ROSTER
    _app: App | None = field(default=None, repr=False)

    @classmethod
    def made(cls, home: Path, world: Path) -> "Company":
        """A new store for the company whose files lie in `world`."""
        create_store(home, world=world, demo=True).records.close()
        return cls(home, world)

    def copied(self, home: Path) -> "Company":
        """The same company in a store of its own."""
        shutil.copytree(self.home, home)
        home.chmod(0o700)
        return Company(home, self.world, self.roster)

    @property
    def app(self) -> App:
        """The store, opened once."""
        if self._app is None:
            self._app = open_app(self.home, roster=self.roster)
        return self._app

    def restarted(self) -> "Company":
        """The same store as another process would find it."""
        if self._app is not None:
            self._app.memory.close()
            self._app.records.close()
        self._app = None
        return self

    def plan(self, speaker: str, text: str, *, now: datetime | None = None) -> View:
        """What asking would come to, at `now` if given."""
        app = open_app(self.home, now=now, plan_only=True, roster=self.roster)
        return app.runner.plan(IdentityId(speaker), text)

    def ask(
        self, speaker: str, text: str, *, asked_for: str | None = None, break_glass: bool = False
    ) -> View:
        """Ask, with a sweeper alive."""
        self.app.sweeper.sweep()
        beneficiary, who = None if asked_for is None else IdentityId(asked_for), IdentityId(speaker)
        ask = self.app.runner.ask
        return self.view(ask(who, text, asked_for=beneficiary, break_glass=break_glass))

    def extend(self, grant: Grant, by: timedelta, *, speaker: str | None = None) -> View:
        """Ask that a grant ends so much later, with a sweeper alive; as its holder."""
        self.app.sweeper.sweep()
        person = IdentityId(speaker or grant.beneficiary)
        return self.view(self.app.runner.extend(grant.id, person, grant.window.end + by))

    def approve(self, request: View, person: str, reason: str = "") -> View:
        """Consent as `person`."""
        runner = self.app.runner
        runner.decide(request.request.id, IdentityId(person), consent=True, reason=reason)
        return self.view(request.request.id)

    def deny(self, request: View, person: str, reason: str = "") -> View:
        """Refuse as `person`."""
        runner = self.app.runner
        runner.decide(request.request.id, IdentityId(person), consent=False, reason=reason)
        return self.view(request.request.id)

    def answer(self, request: View, text: str) -> View:
        """Answer the open question as its speaker."""
        self.app.runner.answer(request.request.id, request.request.speaker, text)
        return self.view(request.request.id)

    def view(self, request: RequestId) -> View:
        """Everything known of a request."""
        return self.app.runner.view(request)

    def newest(self) -> View:
        """Everything known of the request that came last."""
        with self.app.records.begin() as tx:
            return self.view(tx.requests.list()[-1])

    def pass_time(self, span: timedelta) -> datetime:
        """Move the store's clock."""
        return self.at(self.app.clock.now() + span)

    def at(self, now: datetime) -> datetime:
        """Set the store's clock forward to `now`."""
        self.restarted()
        self._app = open_app(self.home, now=now, roster=self.roster)
        self._app.keep_time()
        return now

    def sweep(self) -> None:
        """One sweep."""
        self.app.sweeper.sweep()

    def holds(self, subject: str, role: str, system: str) -> bool:
        """What the target shows."""
        target = self.app.guard.targets.of(SystemId(system))
        return IdentityId(subject) in target.holders(SystemId(system), RoleId(role))

    def grants(self, status: Status | None = None) -> tuple[Grant, ...]:
        """Grants by status."""
        with self.app.records.begin() as tx:
            return tx.grants.list(None if status is None else frozenset({status}))

    def with_files(self, changes: Mapping[str, str], folder: Path) -> Path:
        """A copy of the world's files in `folder` with some of them replaced, to be imported."""
        shutil.copytree(self.world, folder, dirs_exist_ok=True)
        for name, text in changes.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    def lines_of(self, file: str) -> list[dict[str, object]]:
        """The records of one of the world's line files."""
        text = (self.world / file).read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines() if line]
