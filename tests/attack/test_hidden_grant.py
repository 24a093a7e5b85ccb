"""The attacker hides a live grant from every list (S38 S39).

Holds: the database, neither its log nor its key. Wants: access to last because nobody looks. Does:
marks the grant's row as over, or deletes it, and takes its name out of the file of what goes on, by
which lists find what is live without reading the log.

Open: until the next sweep, which reads the whole log, no list shows it.
"""

from datetime import timedelta

import pytest

from govagents.adapters.sql import lives
from govagents.testing.company import Company
from tests.attack.test_edited_grant_row import HIDDEN, ROLE, SRE, SYSTEM, edit, given


@pytest.fixture
def company(holding: Company) -> Company:
    """He comes when it was given."""
    return holding


@pytest.mark.parametrize("statement", [HIDDEN, 'DELETE FROM "grant"'])
def test_an_edit_that_took_the_name_from_the_file_too_is_contained(
    company: Company, statement: str
) -> None:
    """What goes on is filed so that a list need not read the log; a sweep reads it."""
    grant = given(company).grants[0]
    edit(company, statement, "DELETE FROM going")
    company.pass_time(timedelta(hours=2, minutes=1))

    report = company.app.sweeper.sweep()
    assert grant.id in report.expired
    assert not company.holds(SRE, ROLE, SYSTEM)
    assert any("is not what the log says" in problem for problem in report.problems)


def test_an_edit_that_took_the_name_from_the_file_too_is_done_without_the_check(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: a sweep that looks only where what goes on is filed.

    removes: govagents/adapters/sql/going.py
    """
    given(company)
    monkeypatch.setattr(lives.Lives, "whole", lambda _: ())
    edit(company, HIDDEN, "DELETE FROM going")
    company.pass_time(timedelta(hours=24))

    company.sweep()

    assert company.holds(SRE, ROLE, SYSTEM)
