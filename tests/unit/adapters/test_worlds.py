"""A company's files into the store and out again, as the nouns of the domain."""

import gzip
import json
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from govagents.adapters.sql import catalogs, worlds
from govagents.adapters.sql.imports import apply, difference, import_catalog
from govagents.adapters.sql.records import SqlRecords, open_records
from govagents.adapters.world.assemble import catalog_of, world_of
from govagents.adapters.world.catalogue import read_catalogue_file
from govagents.adapters.world.company import company_of
from govagents.adapters.world.items import digest_of
from govagents.adapters.world.read import read_world
from govagents.domain.catalog import AccessLevel, Sensitivity
from govagents.domain.identity import Kind
from govagents.domain.ids import IdentityId, PermissionId, RoleId, SystemId, TicketId
from govagents.domain.world import Use, World
from govagents.errors import ConfigurationError, IntegrityError, UnknownNameError
from tests.unit.adapters.stores import BO, FILES, NINE, folder_of, stocked, store_in, tamper

HALDEN = Path(__file__).parents[3] / "evals" / "worlds" / "halden"
MORE_TRUST = FILES | {"trust.yaml": "ana: 80\n"}
RICH = FILES | {
    "assignments.jsonl": (
        '{"identity": "ana", "role": "reader", "source": "manual", "expires": "2026-12-01"}\n'
        '{"identity": "bo", "role": "reader", "source": "request", "expires": null}\n'
    ),
    "tickets.jsonl": (
        '{"id": "CHG-1", "kind": "change", "title": "Move", "state": "scheduled", '
        '"assignee": "ana", "window": {"start": "2026-11-24T22:00:00Z", '
        '"end": "2026-11-25T02:00:00+01:00"}}\n'
    ),
    "sod.yaml": (
        "- {id: s1, kind: permission-permission, a: [shop:orders:read], "
        "b: [shop:orders:write], reason: Four eyes.}\n"
        "- {id: s2, kind: role-role, a: [reader], b: [reader], reason: Odd.}\n"
    ),
    "eligibility.yaml": (
        "clearance_needed: {public: 0, internal: 1, confidential: 2, restricted: 3, "
        "restricted_permissions_management: 4}\n"
        "non_humans: {agent_max_hours: 8}\nbreak_minutes: 15\n"
        "department_bound: {shop:orders:write: [Sales]}\n"
        "prohibited:\n"
        "  - {id: erase, reason: Never., permissions: [shop:orders:write]}\n"
        "  - {id: curiosity, reason: No.}\n"
    ),
    "approvers.yaml": (
        "rules: [{match: {}, approvers: [role-owner, bo], quorum: 1}]\n"
        "out_of_office: [{person: bo, from: 2026-11-23T00:00:00Z, "
        "until: 2026-11-24T06:00:00Z, stand_in: ana}]\n"
        "last_resort: [bo]\n"
    ),
    "trust.yaml": "helper: 20\n",
    "phrases.yaml": "shop:orders:read: [look at an order]\n",
    "usage.csv": (
        "date,identity,permission,count\n"
        "2026-11-20,ana,shop:orders:read,2\n2026-11-21,ana,shop:orders:read,3\n"
        "2026-11-21,gone,shop:orders:read,1\n"
    ),
}


@pytest.fixture
def records(tmp_path: Path) -> Iterator[SqlRecords]:
    with closing(stocked(tmp_path)) as store:
        yield store


@pytest.fixture
def world(tmp_path: Path) -> World:
    return world_of(company_of(read_world(folder_of(tmp_path, RICH)).items), 7)


def test_people_and_agents_become_identities(world: World) -> None:
    ana = world.identities[IdentityId("ana")]
    helper = world.identities[IdentityId("helper")]

    assert (ana.kind, ana.nonhuman) == (Kind.PERSON, None)
    assert (ana.trust, ana.trusted) == (None, 50)
    assert ana.person is not None
    assert (ana.person.manager, ana.person.clearance, ana.person.status) == ("bo", 1, "active")
    assert (helper.kind, helper.person, helper.trust) == (Kind.AGENT, None, 20)
    assert helper.nonhuman is not None
    assert helper.nonhuman.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert helper.nonhuman.ceiling.max_sensitivity is Sensitivity.INTERNAL
    assert helper.nonhuman.ceiling.systems == {SystemId("shop")}


def test_an_agent_with_a_parent_becomes_a_subagent(tmp_path: Path) -> None:
    helper = json.loads(FILES["identities.jsonl"].splitlines()[2])
    child = json.dumps(helper | {"id": "child", "parent": "helper"})
    files = FILES | {"identities.jsonl": FILES["identities.jsonl"] + child}

    found = world_of(company_of(read_world(folder_of(tmp_path, files)).items), 1)

    assert found.identities[IdentityId("child")].kind is Kind.SUBAGENT


def test_an_end_is_midnight_when_a_date_is_given(world: World) -> None:
    ends = {item.identity: item.expires for item in world.assignments}

    assert ends == {"ana": datetime(2026, 12, 1, tzinfo=UTC), "bo": None}


def test_rules_and_tickets_become_what_decisions_look_up(world: World) -> None:
    ticket = world.tickets[TicketId("CHG-1")]
    rules = world.eligibility
    first, second = world.separation

    assert (ticket.open, ticket.assignee) == (True, "ana")
    assert ticket.window is not None
    assert ticket.window[1] == datetime(2026, 11, 25, 1, tzinfo=UTC)
    assert rules.clearance[Sensitivity.CONFIDENTIAL] == 2
    assert rules.clearance_restricted_management == 4
    assert rules.agent_max_time == timedelta(hours=8)
    assert rules.shortest_break == timedelta(minutes=15)
    assert rules.department_bound == {PermissionId("shop:orders:write"): {"Sales"}}
    assert [item.permissions for item in rules.prohibitions] == [{"shop:orders:write"}, set()]
    assert (first.of_roles, second.of_roles) == (False, True)
    assert (world.absences[0].person, world.absences[0].stand_in) == ("bo", "ana")
    assert world.last_resort == ("bo",)
    assert set(world.settings) == {"approvers", "eligibility", "phrases"}
    assert world.settings["phrases"] == {"shop:orders:read": ("look at an order",)}


def test_strictness_is_the_default_when_nothing_is_said_about_eligibility(tmp_path: Path) -> None:
    rules = world_of(company_of(read_world(folder_of(tmp_path)).items), 1).eligibility

    assert [rules.clearance[level] for level in Sensitivity] == [0, 0, 1, 2]
    assert rules.clearance_restricted_management == 3
    assert rules.agent_max_time == timedelta(hours=24)
    assert rules.shortest_break == timedelta(hours=1)


def test_the_catalog_is_named_by_the_folder_and_versioned_by_its_content(tmp_path: Path) -> None:
    catalog = catalog_of(company_of(read_world(folder_of(tmp_path)).items))

    assert (catalog.name, catalog.version) == ("shop", catalog.digest[:12])
    role = catalog.roles[RoleId("reader")]
    assert (role.max_time, role.owner) == (timedelta(hours=8), "bo")
    assert role.requestable_by == {"human", "agent"}
    assert catalog.systems_of(role) == ("shop",)


def test_a_file_is_read_alike_when_it_has_a_mark_and_other_line_ends(tmp_path: Path) -> None:
    odd = {
        name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in RICH.items()
    }
    plain = read_world(folder_of(tmp_path, RICH))

    assert read_world(folder_of(tmp_path, odd)) == plain


def test_use_is_summed_by_permission_with_its_last_day(tmp_path: Path) -> None:
    """S28: what usage shows, for evidence."""
    packed = {name: text for name, text in RICH.items() if name != "usage.csv"}
    folder = folder_of(tmp_path, packed)
    (folder / "usage.csv.gz").write_bytes(gzip.compress(RICH["usage.csv"].encode()))
    with closing(store_in(tmp_path)) as store, store.begin() as tx:
        apply(tx, read_world(folder), principal=BO, at=NINE)
        read, write = PermissionId("shop:orders:read"), PermissionId("shop:orders:write")
        used = Use(read, 5, datetime(2026, 11, 21, tzinfo=UTC))

        assert tx.uses((IdentityId("ana"), BO), (read, write)) == {"ana": (used,)}
        assert tx.uses((IdentityId("ana"),), (write,)) == {}
        assert tx.uses((BO,), (read,)) == tx.uses((), (read,)) == {}


def test_the_difference_is_shown_and_changes_nothing_until_it_is_applied(
    records: SqlRecords, tmp_path: Path
) -> None:
    people = FILES["identities.jsonl"].splitlines()
    changed = people[1].replace('"clearance": 1', '"clearance": 2')
    files = FILES | {"identities.jsonl": f"{people[0]}\n{changed}\n", "trust.yaml": "ana: 80\n"}
    new = read_world(folder_of(tmp_path, files))

    with records.begin() as tx:
        shown = difference(tx, new)
        untouched = tx.world()
        applied = apply(tx, new, principal=BO, at=NINE)

    assert shown == applied
    assert shown.lines() == (
        "~ 1 identity: ana (clearance)",
        "- 1 identity: helper",
        "+ 1 trust: ana",
    )
    assert "helper" in untouched.identities


def test_nothing_is_written_when_nothing_would_change(records: SqlRecords, tmp_path: Path) -> None:
    with records.begin() as tx:
        before = (tx.version(), tx.log.size())
        found = apply(tx, read_world(folder_of(tmp_path)), principal=BO, at=NINE)

        assert found.empty
        assert (tx.version(), tx.log.size()) == before


def test_an_import_is_logged_once_with_what_it_came_to(records: SqlRecords) -> None:
    """S42."""
    with records.begin() as tx:
        entries = tx.log.of("world")
        catalog = tx.catalog()

    assert [event.kind for _, event in entries] == ["world.imported"]
    assert entries[0][1].principal == "bo"
    assert entries[0][1].digests["catalog"] == catalog.digest


def test_the_old_company_stays_when_an_import_fails_on_the_way(
    records: SqlRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = read_world(folder_of(tmp_path, MORE_TRUST))
    monkeypatch.setattr(catalogs, "keep_catalog", _crash)

    with suppress(KeyboardInterrupt), records.begin() as tx:
        apply(tx, new, principal=BO, at=NINE)

    with records.begin() as tx:
        assert tx.world().identities[IdentityId("ana")].trust is None
        assert len(difference(tx, new).lines()) == 1


def test_the_company_is_read_once_and_carries_the_version_of_the_store(
    records: SqlRecords, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with records.begin() as tx:
        first = tx.world()
    with monkeypatch.context() as patch:
        patch.setattr(worlds, "kept", _crash)
        with records.begin() as tx:
            assert tx.world() is first
            tx.bump()
            bumped = tx.world()
    with records.begin() as tx:
        apply(tx, read_world(folder_of(tmp_path, MORE_TRUST)), principal=BO, at=NINE)
        third = tx.world()

    assert (first.version, bumped.version, third.version) == (1, 2, 3)
    assert bumped.identities is first.identities
    assert third.identities[IdentityId("ana")].trust == 80


def test_another_process_sees_a_new_company(records: SqlRecords, tmp_path: Path) -> None:
    with closing(open_records(records.folder)) as other:
        with other.begin() as tx:
            before = tx.world()
        with records.begin() as tx:
            apply(tx, read_world(folder_of(tmp_path, MORE_TRUST)), principal=BO, at=NINE)
        with other.begin() as tx:
            after = tx.world()

    trusts = [found.identities[IdentityId("ana")].trust for found in (before, after)]
    assert trusts == [None, 80]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE item SET body = replace(body, 'ce\":1', 'ce\":9') WHERE id = 'ana'",
        "UPDATE item SET body = 7 WHERE id = 'ana'",
        "DELETE FROM item WHERE id = 'helper'",
        "INSERT INTO item VALUES ('trust', 'ana', CAST('{\"trust\":99}' AS BLOB), 'x')",
    ],
)
def test_a_company_changed_in_the_store_is_not_believed(records: SqlRecords, change: str) -> None:
    """ARCHITECTURE invariant 1."""
    tamper(records, change)

    with pytest.raises(IntegrityError), records.begin() as tx:
        tx.world()


def test_a_company_is_not_believed_when_its_digest_was_changed_with_it(
    records: SqlRecords,
) -> None:
    """ARCHITECTURE invariant 1: the log has the last word."""
    tamper(records, "DELETE FROM item WHERE id = 'helper'")
    with records.begin() as tx:
        digest = digest_of(worlds.kept(tx.session))
    tamper(records, "UPDATE store SET world = ?", digest)

    with pytest.raises(IntegrityError, match="not the one the log saw"), records.begin() as tx:
        tx.world()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE snapshot SET body = replace(body, 'shop:orders:write', 'shop:orders:wrote')",
        "UPDATE snapshot SET body = x'7b7d'",
        "DELETE FROM snapshot",
    ],
)
def test_a_catalog_changed_in_the_store_is_not_believed(records: SqlRecords, change: str) -> None:
    """ARCHITECTURE invariant 1."""
    tamper(records, change)

    with pytest.raises(IntegrityError, match="was changed"), records.begin() as tx:
        tx.catalog()


def test_there_is_neither_company_nor_catalog_before_one_is_loaded(tmp_path: Path) -> None:
    with closing(store_in(tmp_path)) as store, store.begin() as tx:
        for ask in (tx.world, tx.catalog):
            with pytest.raises(ConfigurationError, match="world import"):
                ask()


def test_an_imported_catalog_stands_beside_the_companys_own(
    records: SqlRecords, tmp_path: Path
) -> None:
    file = tmp_path / "cloud.json"
    permission = {"id": "vm:Start", "access_level": "write"}
    file.write_text(
        json.dumps({"catalogue": "cloud", "version": "1", "permissions": [permission], "roles": []})
    )
    cloud = read_catalogue_file(file)

    with records.begin() as tx:
        own, version = tx.catalog(), tx.version()
        assert import_catalog(tx, cloud, principal=BO, at=NINE)
        assert not import_catalog(tx, cloud, principal=BO, at=NINE)
        assert tx.version() == version + 1
    with records.begin() as tx:
        assert tx.catalog() == own
        assert tx.catalog("cloud") == tx.catalog(cloud.digest) == cloud
        assert [event.kind for _, event in tx.log.of("catalog")] == ["catalog.imported"]
        with pytest.raises(UnknownNameError, match=r"`clod`: known are `cloud`, `shop`"):
            tx.catalog("clod")


def test_an_older_catalog_is_kept_when_the_company_changes(
    records: SqlRecords, tmp_path: Path
) -> None:
    with records.begin() as tx:
        old = tx.catalog()
    roles = FILES["roles.jsonl"].replace('"max_hours": 8', '"max_hours": 4')
    with records.begin() as tx:
        new_files = read_world(folder_of(tmp_path, FILES | {"roles.jsonl": roles}))
        apply(tx, new_files, principal=BO, at=NINE)

    with closing(open_records(records.folder)) as again, again.begin() as tx:
        assert tx.catalog(old.digest) == old
        assert tx.catalog().digest != old.digest
        assert tx.catalog("shop") == tx.catalog()


def test_the_demo_company_is_whole() -> None:
    files = read_world(HALDEN)
    company = company_of(files.items)
    world, catalog = world_of(company, 1), catalog_of(company)

    counts = (len(world.identities), len(world.systems), len(catalog.roles), len(files.usage))
    assert counts == (86, 13, 226, 25431)
    assert sum(role.break_glass for role in catalog.roles.values()) == 4
    assert world.last_resort == ("celeste.okonkwo", "yusuf.demir")
    reader = catalog.permissions[PermissionId("aws-data:lane-statistics:read")]
    assert (reader.access_level, reader.sensitivity) == (AccessLevel.READ, Sensitivity.INTERNAL)


@pytest.mark.shared
def test_the_demo_company_adds_to_the_first_one_and_changes_nothing_else() -> None:
    shared = HALDEN.parents[3] / "shared" / "company"
    added = {item for item in read_world(HALDEN).items if item.kind not in {"trust", "phrases"}}
    first = {item for item in read_world(shared).items if item.kind != "name"}

    gone, new = first - added, added - first
    assert {item.id for item in gone} == {
        "cd-directory-admin",
        "ap-account-admin",
        "kp-admin",
        "ss-admin",
        "approvers",
    }
    assert {item.id for item in new} - {item.id for item in gone} == {
        "halden",
        "warnings",
        "ad-lane-statistics-exporter",
        "ad-lane-statistics-reader",
        "aws-data:lane-statistics:export",
        "aws-data:lane-statistics:read",
    }


def _crash(*_: object) -> None:
    raise KeyboardInterrupt
