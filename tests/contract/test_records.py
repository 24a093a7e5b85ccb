"""What the database of record promises to the engine, through its port alone."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from govagents.adapters.sql.records import open_records
from govagents.domain.ids import GrantId, IdentityId, RequestId
from govagents.domain.request import Status
from govagents.errors import StateError
from govagents.ports import Records, Transaction
from tests.live.kept import copied, new_database
from tests.live.server import Server
from tests.unit.adapters.stores import ANA, BO, NINE, answer, event, grant, stocked

Work = Callable[[Transaction, RequestId], object]
STORES = (
    pytest.param("sqlite"),
    pytest.param("postgres", marks=pytest.mark.live),
)

DECISIONS_READ_IT: Mapping[str, Work] = {
    "a grant": lambda tx, request: tx.grants.add(grant(request, name="gr_bbbbbb")),
    "what became of a grant": lambda tx, _: tx.grants.save(
        replace(grant(RequestId("req_1")), status=Status.ACTIVE)
    ),
    "an answer": lambda tx, request: tx.answers.add(answer(request, "bo", consent=True)),
}
NO_DECISION_READS_IT: Mapping[str, Work] = {
    "a request": lambda tx, _: tx.requests.add(ANA, None, NINE, "words"),
    "words": lambda tx, request: tx.requests.say(request, ANA, "words"),
    "a status": lambda tx, request: tx.requests.set_status(request, Status.PENDING, at=NINE),
    "a finding": lambda tx, request: tx.findings.add(request, "reading", b"{}"),
    "an entry": lambda tx, _: tx.log.append(event()),
    "a setting": lambda tx, _: tx.settings.set("clock", "2026-11-23T09:00:00Z"),
    "a notice": lambda tx, _: tx.notify(BO, "req_1", "text", NINE),
}
EVERY_CHANGE = {**DECISIONS_READ_IT, **NO_DECISION_READS_IT}


@pytest.fixture(scope="session")
def in_postgres(postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store like the others, made once."""
    place = tmp_path_factory.mktemp("contract")
    stocked(place, address=new_database(postgres)).close()
    return place / "store"


@pytest.fixture(params=STORES)
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Records]:
    if request.param == "sqlite":
        made = stocked(tmp_path)
    else:
        store = request.getfixturevalue("in_postgres")
        server = request.getfixturevalue("postgres")
        made = open_records(copied(server, store, tmp_path / "store"))
    with closing(made) as store:
        with store.begin() as tx:
            tx.grants.add(grant(RequestId("req_1")))
        yield store


@pytest.fixture
def asked(records: Records) -> RequestId:
    with records.begin() as tx:
        return tx.requests.add(ANA, None, NINE, "words").id


@pytest.mark.parametrize("change", sorted(DECISIONS_READ_IT))
def test_the_version_moves_when_something_changes_that_decisions_read(
    records: Records, asked: RequestId, change: str
) -> None:
    """S65: a decision is void once what it read has changed."""
    with records.begin() as tx:
        before = tx.version()
        DECISIONS_READ_IT[change](tx, asked)
        assert tx.version() == before + 1
    with records.begin() as tx:
        assert (tx.version(), tx.world().version) == (before + 1, before + 1)


@pytest.mark.parametrize("change", sorted(NO_DECISION_READS_IT))
def test_the_version_stays_when_nothing_changes_that_decisions_read(
    records: Records, asked: RequestId, change: str
) -> None:
    with records.begin() as tx:
        before = tx.version()
        NO_DECISION_READS_IT[change](tx, asked)
    with records.begin() as tx:
        assert tx.version() == before


@pytest.mark.parametrize("change", sorted(EVERY_CHANGE))
def test_nothing_of_a_change_is_left_when_its_transaction_fails(
    records: Records, asked: RequestId, change: str
) -> None:
    before = _everything(records, asked)

    with suppress(ZeroDivisionError), records.begin() as tx:
        EVERY_CHANGE[change](tx, asked)
        raise ZeroDivisionError

    assert _everything(records, asked) == before


@pytest.mark.parametrize("change", sorted(EVERY_CHANGE))
def test_a_change_is_seen_by_the_next_transaction(
    records: Records, asked: RequestId, change: str
) -> None:
    before = _everything(records, asked)

    with records.begin() as tx:
        EVERY_CHANGE[change](tx, asked)

    assert _everything(records, asked) != before


def test_world_and_catalog_are_the_same_objects_until_they_change(records: Records) -> None:
    with records.begin() as tx:
        first = (tx.world(), tx.catalog())
    with records.begin() as tx:
        second = (tx.world(), tx.catalog())

    assert (first[0] is second[0], first[1] is second[1]) == (True, True)


def test_a_setting_nobody_set_is_none_and_one_set_comes_back(records: Records) -> None:
    with records.begin() as tx:
        assert tx.settings.get("latest_instant") is None
        tx.settings.set("sweeper_seen", 1_800_000_000)
        tx.settings.set("sweeper_seen", 1_800_000_030)
    with records.begin() as tx:
        assert tx.settings.get("sweeper_seen") == 1_800_000_030


def test_a_decision_made_on_older_facts_is_noticed_by_its_version(records: Records) -> None:
    """S65: two units that both read, then write: the second sees that its reading is old."""
    with records.begin() as tx:
        read_at = tx.version()
    with records.begin() as tx:
        tx.grants.add(grant(RequestId("req_2"), name="gr_cccccc"))

    with records.begin() as tx:
        assert tx.version() != read_at


def test_a_request_given_twice_at_once_is_refused_the_second_time(records: Records) -> None:
    """S64: one live grant for a request and role, whatever the order of the two."""
    with pytest.raises(StateError), records.begin() as tx:
        tx.grants.add(grant(RequestId("req_1"), name="gr_dddddd"))

    with records.begin() as tx:
        assert [one.id for one in tx.grants.of_request(RequestId("req_1"))] == ["gr_aaaaaa"]
        assert tx.grants.get(GrantId("gr_dddddd")) is None


def _everything(records: Records, asked: RequestId) -> tuple[object, ...]:
    with records.begin() as tx:
        return (
            tx.version(),
            tx.log.size(),
            tx.grants.list(),
            tx.requests.list(),
            tx.requests.status(asked),
            tx.requests.words(asked),
            tx.findings.all(asked),
            tx.answers.of(asked),
            tx.settings.get("clock"),
            tx.notices(IdentityId("bo")),
        )
