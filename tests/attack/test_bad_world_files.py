"""Files of a company that are wrong, by accident or on purpose.

The attacker holds write access to one file of the folder that an operator will import, or a
careless editor. Wanted: a company half loaded, a rule silently dropped, a name that looks like
another, text that takes a terminal over, a process that hangs, crashes or fills the memory. Each
must end in an error that names file, line and field, with nothing loaded.
"""

import gzip
import json
from contextlib import closing
from pathlib import Path

import pytest

from govagents.adapters.sql.imports import apply
from govagents.adapters.world import fields, parse, read
from govagents.adapters.world.catalogue import read_catalogue_file
from govagents.adapters.world.problems import WorldFilesError
from govagents.adapters.world.read import read_world
from govagents.errors import InputError
from tests.unit.adapters.stores import (
    BO,
    FILES,
    IDENTITIES,
    NINE,
    PERMISSIONS,
    ROLES,
    SYSTEMS,
    folder_of,
    store_in,
)

READER = json.loads(ROLES)
BO_LINE, ANA_LINE, HELPER_LINE = IDENTITIES.splitlines()
HELPER = json.loads(HELPER_LINE)
TICKET = {"id": "T-1", "kind": "change", "title": "t", "state": "open", "assignee": "ana"}


def role(**changed: object) -> str:
    return json.dumps(READER | changed)


def helper(**changed: object) -> str:
    return f"{BO_LINE}\n{ANA_LINE}\n{json.dumps(HELPER | changed)}\n"


CASES: list[tuple[str, str, str | bytes, str]] = [
    # syntax
    ("bad JSON", "roles.jsonl", ROLES + "{nope\n", "roles.jsonl:2: is not JSON"),
    ("half a line", "roles.jsonl", '{"id": "x"', "roles.jsonl:1: is not JSON"),
    (
        "no end of a text",
        "roles.jsonl",
        '{"id": "x',
        "roles.jsonl:1: is not JSON: unterminated string starting at column 8",
    ),
    (
        "a tab in a text",
        "roles.jsonl",
        '{"id": "a\tb"}',
        "roles.jsonl:1: is not JSON: invalid control character at column 10",
    ),
    ("not a number", "roles.jsonl", '{"id": NaN}', "roles.jsonl:1: is not JSON: `NaN`"),
    ("a list", "roles.jsonl", "[1]", "roles.jsonl:1: must be a role with its fields"),
    ("a field twice", "roles.jsonl", '{"id": "a", "id": "b"}', "the field `id` stands twice"),
    ("bad YAML", "systems.yaml", SYSTEMS + "- {id: x", "systems.yaml:2: is not YAML"),
    ("a mapping", "systems.yaml", "id: shop", "systems.yaml:1: must be a list of each system"),
    ("no YAML", "systems.yaml", "", "systems.yaml:1: must be a list"),
    ("two documents", "systems.yaml", SYSTEMS + "---\n" + SYSTEMS, "systems.yaml:2: is not YAML"),
    ("a key twice", "trust.yaml", "ana: 1\nana: 2\n", "trust.yaml:2: the field `ana` stands twice"),
    ("not UTF-8", "roles.jsonl", b'{"id": "\xff"}', "roles.jsonl:1: is not UTF-8"),
    ("not UTF-8 later", "roles.jsonl", ROLES.encode() + b"\xff", "roles.jsonl:2: is not UTF-8"),
    ("empty", "roles.jsonl", "\n", "roles.jsonl: holds no role"),
    # fields
    ("missing", "roles.jsonl", '{"id": "x"}', "roles.jsonl:1: `name` is missing"),
    ("unknown", "roles.jsonl", role(permisions=[]), "`permisions` is not a field here"),
    ("its hint", "roles.jsonl", role(permisions=[]), "did you mean `permissions`?"),
    ("a text for a number", "roles.jsonl", role(max_hours="8"), "`max_hours` must be a whole"),
    ("a part of an hour", "roles.jsonl", role(max_hours=1.5), "`max_hours` must be a whole number"),
    ("no time at all", "roles.jsonl", role(max_hours=0), "`max_hours`"),
    ("a text for a yes", "roles.jsonl", role(privileged="no"),
     "`privileged` must be true or false"),
    ("a number for a yes", "roles.jsonl", role(privileged=0), "`privileged` must be true or false"),
    ("a text for a list", "roles.jsonl", role(permissions="all"), "`permissions`"),
    ("no permission", "roles.jsonl", role(permissions=[]), "`permissions` must not be empty"),
    ("unknown audience", "roles.jsonl", role(requestable_by=["all"]), "`requestable_by.0` must be"),
    ("a bad level", "permissions.jsonl", PERMISSIONS.replace('"read"', '"rd"'), "`access_level`"),
    ("a bad date", "identities.jsonl", helper(expires="soon"), "identities.jsonl:3: `expires`"),
    ("no such day", "identities.jsonl", helper(expires="2026-02-30"), "`expires` must be a date"),
    ("a bad kind", "identities.jsonl", helper(kind="robot"), "`kind` must be `service`"),
    ("a subagent", "identities.jsonl", helper(kind="subagent"), "an agent with a `parent`"),
    ("a person's field", "identities.jsonl", helper(clearance=3),
     "`clearance` is not a field here"),
    ("a bad trust", "trust.yaml", "ana: 101\n", "trust.yaml:1: `trust`"),
    ("a zoneless time", "oncall.yaml", "calendar: [{name: x, from: 2026-11-01T00:00:00, "
     "until: 2026-11-02T00:00:00Z}]", "`calendar.0.from` must be a time with its zone"),
    ("end before start", "tickets.jsonl", json.dumps(TICKET | {"window": {
        "start": "2026-11-24T00:00:00Z", "end": "2026-11-23T00:00:00Z"}}), "`window` must end"),
    ("until before from", "oncall.yaml", "calendar: [{name: x, from: 2026-11-03T00:00:00Z, "
     "until: 2026-11-02T00:00:00Z}]", "`until` must come after `from`"),
    ("deciding for oneself", "approvers.yaml", "never_self: false\n",
     "approvers.yaml:1: `never_self`"),
    # twice
    ("a role twice", "roles.jsonl", ROLES + ROLES, "roles.jsonl:2: `id` the role `reader` is there "
     "already, on line 1"),
    ("access twice", "assignments.jsonl",
     '{"identity": "ana", "role": "reader", "source": "a"}\n' * 2, "assignments.jsonl:2"),
    ("a system twice", "systems.yaml", SYSTEMS + SYSTEMS, "systems.yaml:2: `id`"),
    # what is not there
    ("unknown permission", "roles.jsonl", role(permissions=["shop:orders:reed"]),
     "roles.jsonl:1: `permissions.0` names an unknown permission `shop:orders:reed`; did you mean "
     "`shop:orders:read`?"),
    ("unknown owner", "roles.jsonl", role(owner="nobody"), "unknown person `nobody`"),
    ("an agent as owner", "roles.jsonl", role(owner="helper"), "unknown person `helper`"),
    ("unknown manager", "identities.jsonl", IDENTITIES.replace('"manager": "bo"', '"manager": "b"'),
     "identities.jsonl:2: `manager` names an unknown person `b`"),
    ("unknown holder", "assignments.jsonl", '{"identity": "x", "role": "reader", "source": "a"}',
     "unknown identity `x`"),
    ("unknown role", "assignments.jsonl", '{"identity": "ana", "role": "x", "source": "a"}',
     "unknown role `x`"),
    ("a person as parent", "identities.jsonl", helper(parent="ana"), "unknown agent `ana`"),
    ("unknown trusted", "trust.yaml", "anna: 9\n", "unknown identity `anna`; did you mean `ana`?"),
    ("unknown approver", "approvers.yaml",
     "rules:\n- match: {}\n  approvers: [owner]\n  quorum: 1\n",
     "approvers.yaml:3: `rules.0.approvers.0` names an unknown approver `owner`"),
    ("unknown stand-in", "approvers.yaml", "out_of_office: [{person: bo, stand_in: x, "
     "from: 2026-11-01T00:00:00Z, until: 2026-11-02T00:00:00Z}]", "unknown person `x`"),
    ("a rule on nothing", "sod.yaml", "- {id: s, kind: role-role, a: [reader], "
     "b: [shop:orders:read], reason: r}", "`b.0` names an unknown role"),
    ("bound nothing", "eligibility.yaml", "clearance_needed: {public: 0, internal: 0, "
     "confidential: 1, restricted: 2, restricted_permissions_management: 3}\n"
     "department_bound: {shop:x: [Sales]}", "eligibility.yaml:2: `department_bound.shop:x`"),
    ("agents for ever", "eligibility.yaml", "clearance_needed: {public: 0, internal: 0, "
     "confidential: 1, restricted: 2, restricted_permissions_management: 3}\n"
     "non_humans: {agent_max_hours: null}", "eligibility.yaml:2: `non_humans.agent_max_hours`"),
    ("a warning of nothing", "warnings.yaml", "cues: {curiosity: [pay of a colleague]}",
     "warnings.yaml:1: `cues.curiosity` names an unknown prohibition"),
    ("a phrase for nothing", "phrases.yaml", "shop:x: [x]", "unknown permission `shop:x`"),
    ("managers in a ring", "identities.jsonl", IDENTITIES.replace("null", '"ana"'),
     "leads back to `ana`"),
    ("one's own parent", "identities.jsonl", helper(parent="helper"), "leads back to `helper`"),
    # names and texts
    ("a name that looks alike", "roles.jsonl", role(id="re\u0430der"),
     "`id` must be a name of ASCII"),
    ("a name with a space", "roles.jsonl", role(id="reader x"), "`id` must be a name"),
    ("a name of two lines", "roles.jsonl", role(id="reader\nx"), "`id` must be a name"),
    ("a name of the log", "identities.jsonl", helper(id="operator"), "a word the log uses itself"),
    ("an escape code", "roles.jsonl", role(name="\x1b[2J"), "`name` must not hold control"),
    ("a turned text", "roles.jsonl", role(description="a\u202eb"), "must not hold control"),
    ("half a character", "roles.jsonl", '{"id": "\\ud800"}', "roles.jsonl:1"),
    ("an endless text", "roles.jsonl", role(description="x" * 5000), "must not be longer"),
    # files
    ("another spelling", "sod.yml", "", "sod.yml: is not read; did you mean `sod.yaml`?"),
    ("a near name", "aprovers.yaml", "", "did you mean `approvers.yaml`?"),
    ("a bad header", "usage.csv", "day,who\n", "usage.csv:1: must begin with"),
    ("a short row", "usage.csv", "date,identity,permission,count\na,b\n",
     "usage.csv:2: must hold 4"),
    ("a bad day", "usage.csv", "date,identity,permission,count\nx,ana,p,1\n",
     "usage.csv:2: `date`"),
    ("a minus", "usage.csv", "date,identity,permission,count\n2026-11-01,ana,p,-1\n", "`count`"),
    ("a use twice", "usage.csv", "date,identity,permission,count\n" + "2026-11-01,ana,p,1\n" * 2,
     "usage.csv:3"),
    ("no gzip", "usage.csv.gz", b"date,identity", "usage.csv.gz: cannot be read"),
    ("half a gzip", "usage.csv.gz", gzip.compress(b"date" * 99)[:-9],
     "usage.csv.gz: cannot be read"),
    # depth and size
    ("deep JSON", "roles.jsonl", '{"id":' + "[" * 100_000, "nests too deeply"),
    ("deep YAML", "sod.yaml", "[" * 100_000, "nests too deeply"),
    ("deep YAML that closes", "sod.yaml", "[" * 40 + "]" * 40, "nests too deeply"),
    ("an alias", "sod.yaml", "- &a {id: x}\n- *a\n", "sod.yaml:1: aliases are not read"),
    ("a program", "sod.yaml", "- !!python/object/apply:os.system [id]\n", "sod.yaml:1"),
    ("a tag", "trust.yaml", "ana: !!binary aGk=\n", "the tag"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_bad_file_is_refused(file: str, text: str | bytes, said: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {**FILES, file: text})

    with pytest.raises(WorldFilesError) as error:
        read_world(folder)

    assert said in str(error.value)
    assert error.value.problems[0].file == file


@pytest.mark.parametrize("missing", sorted(FILES))
def test_a_world_without_a_needed_file_is_refused(missing: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, {name: text for name, text in FILES.items() if name != missing})

    with pytest.raises(WorldFilesError, match=f"{missing}: is missing"):
        read_world(folder)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        read_world(tmp_path / "nowhere")


def test_a_folder_in_a_files_place_is_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    (folder / "sod.yaml").mkdir()

    with pytest.raises(WorldFilesError, match=r"sod\.yaml: is not a file"):
        read_world(folder)


def test_many_problems_are_all_found_and_twenty_said(tmp_path: Path) -> None:
    broken = "\n".join(json.dumps(READER | {"id": f"r{n}", "name": 7}) for n in range(25))

    with pytest.raises(WorldFilesError) as error:
        read_world(folder_of(tmp_path, FILES | {"roles.jsonl": broken, "trust.yaml": "ana: x\n"}))

    assert len(error.value.problems) == 26
    assert str(error.value).splitlines()[-1] == "and 6 more"
    assert len(str(error.value).splitlines()) == 22


def test_a_role_across_systems_by_stealth_is_refused(tmp_path: Path) -> None:
    """A role of one system is granted there alone: a permission of another would go unseen."""
    systems = SYSTEMS + "- {id: vault, name: Vault, owner: bo}\n"
    permissions = PERMISSIONS.replace('"system": "shop", "access_level": "write"',
                                      '"system": "vault", "access_level": "write"')  # fmt: skip
    roles = role(permissions=["shop:orders:read", "shop:orders:write"])
    files = FILES | {"systems.yaml": systems, "permissions.jsonl": permissions}

    with pytest.raises(WorldFilesError, match=r"roles\.jsonl:1: `permissions\.1` .*of `vault`"):
        read_world(folder_of(tmp_path, files | {"roles.jsonl": roles}))


def test_a_small_file_that_unfolds_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parse, "MOST_BYTES", 1 << 20)
    bomb = gzip.compress(b"0" * (2 << 20))
    folder = folder_of(tmp_path, FILES | {"usage.csv.gz": bomb})

    assert len(bomb) < 5000
    with pytest.raises(WorldFilesError, match=r"usage\.csv\.gz: is larger than 1 MiB"):
        read_world(folder)


def test_what_a_bad_file_holds_is_shown_harmlessly(tmp_path: Path) -> None:
    nasty = role(requestable_by=["\x1b]8;;evil\x07\u202e" + "x" * 500])

    with pytest.raises(WorldFilesError) as error:
        read_world(folder_of(tmp_path, FILES | {"roles.jsonl": nasty}))

    assert all(each.isprintable() or each == "\n" for each in str(error.value))
    assert len(str(error.value)) < 300


def test_nothing_of_a_bad_world_is_contained_in_the_store(tmp_path: Path) -> None:
    with closing(store_in(tmp_path)) as store:
        folder = folder_of(tmp_path, FILES | {"trust.yaml": "ana: 900\n"})
        with pytest.raises(WorldFilesError), store.begin() as tx:
            apply(tx, read_world(folder), principal=BO, at=NINE)

        with store.begin() as tx:
            assert (tx.version(), tx.log.size()) == (0, 1)


# What each check keeps out, shown by taking it away.


def test_a_lookalike_is_detected_by_the_name_rule_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = role(id="re\u0430der")
    monkeypatch.setattr(fields, "_NAME", __import__("re").compile(".*"))

    loaded = read_world(folder_of(tmp_path, FILES | {"roles.jsonl": f"{ROLES}{twin}\n"}))

    assert [item.id for item in loaded.items if item.kind == "role"] == ["reader", "re\u0430der"]


def test_a_dropped_rule_is_detected_by_the_look_around_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "- {id: s, kind: role-role, a: [reader], b: [reader], reason: r}"
    monkeypatch.setattr(read, "_look_around", lambda *_: None)

    loaded = read_world(folder_of(tmp_path, FILES | {"sod.yml": rule}))

    assert [item for item in loaded.items if item.kind == "separation"] == []


def test_a_stray_permission_is_detected_by_the_references_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "misfits", lambda _: ())

    loaded = read_world(folder_of(tmp_path, FILES | {"roles.jsonl": role(permissions=["gone"])}))

    assert any(b"gone" in item.body for item in loaded.items)


CATALOGUE = {
    "catalogue": "cloud",
    "version": "1",
    "permissions": [{"id": "vm:Start", "access_level": "write"}],
    "roles": [{"id": "starter", "permissions": [0]}],
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"roles": [{"id": "starter", "permissions": [1]}]}, "`roles.0.permissions` `1` points at"),
        ({"roles": [{"id": "starter", "permissions": [-1]}]}, "points at no permission"),
        ({"roles": [{"id": "a", "permissions": [0], "conditional": [9]}]}, "`roles.0.conditional`"),
        ({"roles": [{"id": "starter", "permissions": ["0"]}]}, "`roles.0.permissions.0` must be"),
        ({"roles": [{"id": "a", "permissions": []}] * 2}, "`roles.1.id` `a` is there already"),
        ({"permissions": [{"id": "p"}]}, "`permissions.0.access_level` is missing"),
        ({"permissions": [{"id": "p", "access_level": "own"}]}, "`permissions.0.access_level`"),
        ({"version": 3}, "`version` must be text"),
        ({"roles": None}, "`roles` must be a list"),
    ],
)
def test_a_bad_catalogue_file_is_refused(
    changed: dict[str, object], said: str, tmp_path: Path
) -> None:
    file = tmp_path / "cloud.json"
    file.write_text(json.dumps(CATALOGUE | changed))

    with pytest.raises(WorldFilesError) as error:
        read_catalogue_file(file)

    assert f"cloud.json: {said}" in str(error.value) or said in str(error.value)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"catalogue": "a", "catalogue": "b"}', "[" * 100_000]
)
def test_a_file_that_is_no_catalogue_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "cloud.json"
    file.write_text(text)

    with pytest.raises(WorldFilesError, match=r"cloud\.json"):
        read_catalogue_file(file)
