"""Catalogue files of the exchange format into catalogs."""

import gzip
import json
from pathlib import Path

import pytest

from govagents.adapters.world.catalogue import read_catalogue_file
from govagents.adapters.world.problems import WorldFilesError
from govagents.domain.catalog import AccessLevel, Sensitivity
from govagents.domain.ids import PermissionId, RoleId

SHARED = Path(__file__).parents[4] / "shared" / "data" / "catalogues"
PERMISSIONS: list[dict[str, object]] = [
    {"id": "vm:Start", "access_level": "write", "description": "Start.", "tags": ["x"]},
    {"id": "vm:List", "access_level": "list", "sensitivity": "restricted", "category": "VMs"},
    {"id": "disk:Read", "access_level": "unknown"},
]
ROLES: list[dict[str, object]] = [
    {"id": "one", "permissions": [0, 1, 2], "conditional": [1], "resource_scoped": [2]},
    {
        "id": "two",
        "name": "Two",
        "permissions": [],
        "n_own": 0,
        "assignable": False,
        "privileged": True,
    },
]
CLOUD: dict[str, object] = {
    "catalogue": "cloud",
    "version": "2026-08",
    "licence": "MIT",
    "permissions": PERMISSIONS,
    "roles": ROLES,
}


def test_the_line_is_said_where_a_file_of_several_is_no_json(tmp_path: Path) -> None:
    file = tmp_path / "cloud.json"
    file.write_text('{\n "catalogue": "cloud,\n}')

    with pytest.raises(WorldFilesError, match="invalid control character at line 2, column 22"):
        read_catalogue_file(file)


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_a_file_becomes_a_catalog_packed_or_not(tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"cloud{suffix}"
    data = json.dumps(CLOUD).encode()
    file.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)

    catalog = read_catalogue_file(file)

    assert (catalog.name, catalog.version) == ("cloud", "2026-08")
    start = catalog.permissions[PermissionId("vm:Start")]
    assert (start.access_level, start.sensitivity) == (AccessLevel.WRITE, Sensitivity.INTERNAL)
    assert (start.system, start.tags) == ("vm", ("x",))
    assert catalog.permissions[PermissionId("vm:List")].sensitivity is Sensitivity.RESTRICTED
    one, two = catalog.roles[RoleId("one")], catalog.roles[RoleId("two")]
    assert one.permissions == {"vm:Start", "vm:List", "disk:Read"}
    assert one.conditional == {"vm:List", "disk:Read"}
    assert (one.name, one.assignable, one.privileged) == ("one", True, False)
    assert (two.name, two.assignable, two.privileged) == ("Two", False, True)
    assert (two.owner, two.system, two.max_time) == (None, None, None)
    assert two.requestable_by == frozenset()


def test_equal_content_has_one_digest_in_any_order_and_under_any_name(tmp_path: Path) -> None:
    again = CLOUD | {"catalogue": "other", "version": "2", "roles": ROLES[::-1]}
    for name, content in (("a.json", CLOUD), ("b.json", again)):
        (tmp_path / name).write_text(json.dumps(content))

    one, two = (read_catalogue_file(tmp_path / name) for name in ("a.json", "b.json"))

    assert one.digest == two.digest


def test_other_content_has_another_digest(tmp_path: Path) -> None:
    digests = set()
    for number, text in enumerate(("Start.", "Start it.")):
        permissions = [PERMISSIONS[0] | {"description": text}]
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(CLOUD | {"permissions": permissions, "roles": []}))
        digests.add(read_catalogue_file(file).digest)

    assert len(digests) == 2


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "roles", "permissions"),
    [
        ("aws", 1662, 21575),
        ("gcp", 2461, 13790),
        ("entra", 145, 679),
        ("k8s", 67, 566),
    ],
)
def test_real_catalogues_are_read_whole(name: str, roles: int, permissions: int) -> None:
    catalog = read_catalogue_file(SHARED / f"{name}.json.gz")

    assert (len(catalog.roles), len(catalog.permissions)) == (roles, permissions)
    assert all(role.conditional <= role.permissions for role in catalog.roles.values())
