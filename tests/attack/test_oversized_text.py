"""Somebody sends a megabyte where a sentence is expected.

Holds: the right to ask and to answer. Wants: the process to hang or fill the disk, or the end of a
long text to go unread while its beginning is believed. Does: sends it as a request, as an answer,
as a reason and as a ticket.

Open: any number of texts that are short enough.
"""

import sqlite3
from contextlib import closing

import pytest

from govagents.domain.ids import IdentityId
from govagents.errors import GovAgentsError, InputError
from govagents.perception import triage
from govagents.perception.triage import check_text
from govagents.testing.company import Company

MEGABYTE = 1_000_000
ASKER = "samuel.adeyemi"
BEGINNING = "Redrive the tracking dlq, 2h "


def kept(company: Company) -> int:
    """How many bytes of words lie in the store."""
    with closing(sqlite3.connect(company.home / "govagents.db")) as connection:
        return int(connection.execute("SELECT sum(length(body)) FROM text").fetchone()[0])


@pytest.mark.parametrize(
    "text",
    [
        BEGINNING + "x" * MEGABYTE,
        BEGINNING * (MEGABYTE // len(BEGINNING)),
        "INC-" + "4" * MEGABYTE,
        BEGINNING + "\n" * MEGABYTE + "and everything else",
        "\N{GRINNING FACE}" * MEGABYTE + "a",
    ],
    ids=["a word", "a sentence", "a ticket", "empty lines", "pictures"],
)
def test_a_megabyte_of_text_is_refused(text: str) -> None:
    """S73: whole, never cut: what was left out could have been what mattered."""
    with pytest.raises(InputError, match="in 4000 or fewer"):
        check_text(text)


def test_a_megabyte_leaves_nothing_behind_and_is_contained(company: Company) -> None:
    """S73: neither a request nor an answer nor a reason of it is kept."""
    asked = company.ask(ASKER, BEGINNING)
    size, before = kept(company), len(asked.entries)
    long = BEGINNING + "x" * MEGABYTE
    manager = IdentityId("arjun.mehta")

    with pytest.raises(GovAgentsError):
        company.ask(ASKER, long)
    with pytest.raises(GovAgentsError):
        company.app.runner.decide(asked.request.id, manager, consent=True, reason=long)

    assert len(company.view(asked.request.id).entries) == before
    assert kept(company) == size
    assert not company.grants()


def test_a_long_reason_is_kept_without_the_shipped_line(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The harm: the disk fills with whatever anybody sends.

    removes: govagents/perception/triage.py
    """
    asked = company.ask(ASKER, BEGINNING)
    monkeypatch.setattr(triage, "_LONGEST", 10 * MEGABYTE)

    company.approve(asked, "arjun.mehta", "x" * MEGABYTE)

    assert kept(company) > MEGABYTE
