"""The store as a kill would leave it, at every boundary of a run; each is swept to the same end.

A boundary is a commit of the database of record that wrote something, a write of a checkpoint, or
a change of a target. They are found by watching a run; at each the store's files are copied, as
whoever comes after a kill would find them (S64).
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite import SqliteSaver

from govagents.action.targets import Targets
from govagents.adapters.sql.records import SqlRecords
from govagents.adapters.sql.transaction import SqlTransaction
from govagents.domain.ids import IdentityId
from govagents.domain.request import Status
from govagents.domain.view import View
from govagents.testing.company import Company
from tests.crash.killing import ANALYST, MANAGER, REDRIVE, ROLE, SRE, SYSTEM, UNCLEAR, newest, twice

ENDS = {"grant.verified", "step.remember"}


class Boundaries:
    """Copies of a company's store, one for each boundary passed since."""

    def __init__(self, company: Company, folder: Path) -> None:
        self.company, self.folder = company, folder
        self.copies: list[Company] = []
        self._alone = threading.Lock()  # checkpoints are written by threads of their own

    def passed(self) -> None:
        with self._alone:
            self.copies.append(self.company.copied(self.folder / f"{len(self.copies)}"))

    def watch(self, patch: pytest.MonkeyPatch) -> None:
        for owner, name in ((SqliteSaver, "put"), (SqliteSaver, "put_writes"), (Targets, "set")):
            patch.setattr(owner, name, self._after(getattr(owner, name)))
        begin = SqlRecords.begin

        @contextmanager
        def counted(records: SqlRecords) -> Iterator[SqlTransaction]:
            with begin(records) as tx:
                yield tx
                wrote = tx.wrote()
            if wrote and getattr(records._here, "open", None) is None:
                self.passed()

        patch.setattr(SqlRecords, "begin", counted)

    def _after(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # stands in for several
            found = real(*args, **kwargs)
            self.passed()
            return found

        return watched


@pytest.fixture
def boundaries(company: Company, tmp_path: Path) -> Boundaries:
    """The company swept, and nothing asked yet."""
    company.sweep()
    (tmp_path / "copies").mkdir()
    return Boundaries(company, tmp_path / "copies")


def swept(copy: Company) -> View:
    """The newest request after a sweep by another process."""
    assert copy.app.sweeper.sweep().problems == []
    found = newest(copy)
    copy.restarted()
    return found


def test_a_request_is_asked_on_at_every_boundary(
    company: Company, boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        boundaries.watch(patch)
        company.app.runner.ask(IdentityId(SRE), REDRIVE)

    ended = [swept(copy) for copy in boundaries.copies]

    assert len(ended) > 20
    assert {(view.status, *twice(view)) for view in ended} == {(Status.PENDING,)}
    assert all(view.proposal == ended[-1].proposal for view in ended)


def test_an_approved_request_is_given_once_at_every_boundary(
    company: Company, boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = company.ask(SRE, REDRIVE)
    with monkeypatch.context() as patch:
        boundaries.watch(patch)
        company.approve(asked, MANAGER)

    ended = [(swept(copy), copy.holds(SRE, ROLE, SYSTEM)) for copy in boundaries.copies]

    assert len(ended) > 20
    assert {(view.status, len(view.grants), len(view.answers), held) for view, held in ended} == {
        (Status.ACTIVE, 1, 1, True)
    }
    # a guard that is asked again says "already given", which is another finding
    assert {kind for view, _ in ended for kind in twice(view)} <= {"step.grant"}
    assert all({event.kind for _, event in view.entries} >= ENDS for view, _ in ended)


def test_a_question_is_answered_once_at_every_boundary(
    company: Company, boundaries: Boundaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = company.ask(ANALYST, UNCLEAR)
    with monkeypatch.context() as patch:
        boundaries.watch(patch)
        after = company.answer(asked, "1")

    ended = [swept(copy) for copy in boundaries.copies]

    assert len(ended) > 8
    assert {(view.status, view.question, *twice(view)) for view in ended} == {
        (after.status, after.question)
    }
