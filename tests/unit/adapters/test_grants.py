"""Grants: one live grant of a role for a request, one owner, one end."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy.exc

from govagents.adapters.sql.grants import SqlGrants
from govagents.adapters.sql.records import SqlRecords
from govagents.domain.grant import LIVE
from govagents.domain.ids import GrantId, IdentityId, RequestId, RoleId, SystemId
from govagents.domain.request import Status
from govagents.errors import StateError, UnknownNameError
from tests.unit.adapters.stores import ANA, BO, NINE, grant, keep, store_in

REQUEST = RequestId("req_aaaaaa")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(store_in(tmp_path)) as store:
        yield store


def test_a_grant_comes_back_as_it_was_kept(records: SqlRecords) -> None:
    full = replace(
        grant(REQUEST, Status.EXPIRED),
        held_before=(SystemId("shop"),),
        ended=NINE + timedelta(hours=1, microseconds=5),
        cause="expired",
        attempts=3,
    )
    with records.begin() as tx:
        tx.grants.add(full)
    with records.begin() as tx:
        assert tx.grants.get(full.id) == full
        assert tx.grants.of_request(REQUEST) == tx.grants.of_identity(ANA) == (full,)
        assert tx.grants.of_identity(BO) == ()
        assert tx.grants.list(LIVE) == ()
        assert tx.grants.list() == (full,)


def test_a_second_live_grant_of_a_role_is_refused(records: SqlRecords) -> None:
    """ARCHITECTURE invariant 5: any repeat yields one effect."""
    with records.begin() as tx:
        tx.grants.add(grant(REQUEST))

    with (
        pytest.raises(StateError, match="`gr_aaaaaa` already gives `reader`"),
        records.begin() as tx,
    ):
        tx.grants.add(grant(REQUEST, name="gr_bbbbbb"))


def test_the_index_stops_a_second_live_grant_when_the_check_is_gone(
    records: SqlRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The defence taken away: there is another behind it."""
    monkeypatch.setattr(SqlGrants, "of_request", lambda *_: ())
    with records.begin() as tx:
        tx.grants.add(grant(REQUEST))

    with pytest.raises(sqlalchemy.exc.IntegrityError), records.begin() as tx:
        tx.grants.add(grant(REQUEST, name="gr_bbbbbb"))


def test_the_role_may_be_given_again_when_the_first_grant_ended(records: SqlRecords) -> None:
    with records.begin() as tx:
        keep(tx, grant(REQUEST, Status.REVOKED))
        keep(tx, grant(REQUEST, name="gr_bbbbbb"))

        assert [one.status for one in tx.grants.of_request(REQUEST)] == [
            Status.REVOKED,
            Status.ACTIVATING,
        ]


def test_a_name_is_given_once(records: SqlRecords) -> None:
    with records.begin() as tx:
        tx.grants.add(grant(REQUEST))

    with pytest.raises(StateError, match="fresh name"), records.begin() as tx:
        tx.grants.add(grant(RequestId("req_bbbbbb")))


@pytest.mark.parametrize(
    "changed",
    [
        {"request": RequestId("req_bbbbbb")},
        {"beneficiary": IdentityId("bo")},
        {"role": RoleId("writer")},
    ],
)
def test_a_grant_never_changes_hands(records: SqlRecords, changed: dict[str, str]) -> None:
    with records.begin() as tx:
        tx.grants.add(grant(REQUEST))

    with pytest.raises(StateError, match="stays that"), records.begin() as tx:
        tx.grants.save(replace(grant(REQUEST), **changed))  # type: ignore[arg-type]  # ids are text


@pytest.mark.parametrize("ended", [Status.EXPIRED, Status.REVOKED, Status.CANCELLED, Status.LAPSED])
@pytest.mark.parametrize("status", [Status.ACTIVE, Status.ACTIVATING, Status.REVOKING])
def test_an_ended_grant_stays_ended(records: SqlRecords, ended: Status, status: Status) -> None:
    with records.begin() as tx:
        tx.grants.add(grant(REQUEST, ended))

    with pytest.raises(StateError, match="ask anew"), records.begin() as tx:
        tx.grants.save(grant(REQUEST, status))


def test_a_failed_removal_may_be_tried_again(records: SqlRecords) -> None:
    with records.begin() as tx:
        tx.grants.add(grant(REQUEST, Status.REVOKE_FAILED))
        tx.grants.save(replace(grant(REQUEST, Status.REVOKING), attempts=2))
        tx.grants.save(replace(grant(REQUEST, Status.REVOKED), attempts=2))

        assert tx.grants.list(frozenset({Status.REVOKED}))[0].attempts == 2


def test_an_unknown_grant_is_named_when_it_is_saved(records: SqlRecords) -> None:
    with records.begin() as tx:
        assert tx.grants.get(GrantId("gr_zzzzzz")) is None
        with pytest.raises(UnknownNameError, match="`gr_aaaaaa`"):
            tx.grants.save(grant(REQUEST))
