"""What remember keeps of an ending, and what it keeps nothing of."""

from datetime import timedelta

import pytest

from govagents.domain.ids import IdentityId, PermissionId, RequestId
from govagents.domain.request import Status
from govagents.errors import PowerWithheldError
from govagents.memory import Remember
from govagents.memory.remember import Ended, Remembered
from tests.unit.memory.cases import (
    ASKED,
    CATALOG,
    NOW,
    READ,
    SPEAKER,
    WRITE,
    Company,
    Failing,
    Ledger,
    Remembering,
    clear,
    request,
)

STATE: Ended = {"request": request(), "resolution": clear(WRITE, READ)}


def ended(status: Status = Status.EXPIRED, entries: int = 5) -> Ledger:
    return Ledger(texts={RequestId("req_new"): ASKED}, status=status, entries=entries)


def remember(memory: Remembering, ledger: Ledger, state: Ended = STATE) -> Remembered:
    company = Company()
    return Remember(memory, ledger, company, company, ledger, company)(state)


def test_an_ending_is_kept_with_its_needs_and_its_provenance() -> None:
    """S19 S20."""
    memory = Remembering()

    said = remember(memory, ended())

    (kept,) = memory.kept
    assert said == {"remembered": "outcome: expired"}
    assert (kept.needs, kept.ending, kept.beneficiary) == ((READ, WRITE), "expired", SPEAKER)
    assert (kept.source, kept.entry, kept.text_digest) == ("librarian", 4, "digest of req_new")
    assert (kept.department, kept.sensitivity, kept.catalog) == ("finance", 2, CATALOG.digest)
    assert (kept.at, kept.expires) == (NOW, NOW + timedelta(days=180))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (Status.DENIED, "decision"),
        (Status.ACTIVE, "outcome"),
        (Status.RETURNED, "outcome"),
        (Status.BLOCKED, "exception"),
        (Status.REVOKE_FAILED, "exception"),
    ],
)
def test_each_ending_has_its_kind_of_record(status: Status, kind: str) -> None:
    """S20."""
    memory = Remembering()

    remember(memory, ended(status))

    assert [case.kind for case in memory.kept] == [kind]


@pytest.mark.parametrize(
    "status",
    [Status.DRAFT, Status.NEEDS_INFO, Status.PENDING, Status.APPROVED, Status.ACTIVATING],
)
def test_nothing_is_kept_when_the_request_has_not_ended(status: Status) -> None:
    memory = Remembering()

    said = remember(memory, ended(status))

    assert memory.kept == []
    assert said == {"remembered": "nothing yet: the request has not ended"}


def test_nothing_is_kept_when_the_log_knows_nothing_of_the_request() -> None:
    """S19: no provenance, no record."""
    memory = Remembering()

    remember(memory, ended(entries=0))

    assert memory.kept == []


def test_a_request_refused_at_the_door_is_kept_without_needs() -> None:
    memory = Remembering()

    remember(memory, ended(Status.RETURNED), {"request": request()})

    assert [(case.needs, case.beneficiary) for case in memory.kept] == [((), SPEAKER)]


def test_a_case_is_most_sensitive_when_the_catalog_does_not_know_its_need() -> None:
    memory = Remembering()
    unknown = clear(READ, PermissionId("ledger:unheard-of"))

    remember(memory, ended(), {"request": request(), "resolution": unknown})

    assert memory.kept[0].sensitivity == 3


def test_a_beneficiary_named_by_flag_is_kept_when_nothing_was_understood() -> None:
    memory = Remembering()
    asked = request()
    named = type(asked)(asked.id, asked.speaker, IdentityId("agent-7"), asked.at, "digest")

    remember(memory, ended(Status.RETURNED), {"request": named})

    assert (memory.kept[0].beneficiary, memory.kept[0].department) == ("agent-7", "")


def test_an_ending_stands_when_memory_is_withheld() -> None:
    company, ledger = Company(), ended()
    error = PowerWithheldError("librarian", "memory")
    node = Remember(Failing(error), ledger, company, company, ledger, company)

    assert node(STATE) == {"remembered": f"nothing: {error}"}
