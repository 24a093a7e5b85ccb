"""The local reader on a catalog it was not written for: 13,790 permissions without descriptions."""

import gzip
import json
from functools import lru_cache
from pathlib import Path

import pytest

from govagents.domain.catalog import AccessLevel, Catalog, Permission, Role
from govagents.domain.ids import PermissionId, RoleId
from govagents.domain.question import Clarity
from govagents.perception.resolver import Resolver
from tests.unit.perception.company import Ports, read, request_of

pytestmark = pytest.mark.shared

GCP = Path(__file__).parents[4] / "shared" / "data" / "catalogues" / "gcp.json.gz"


@lru_cache(maxsize=1)
def _gcp() -> Catalog:
    with gzip.open(GCP, "rt", encoding="utf-8") as file:
        found = json.load(file)
    permissions = [
        Permission(
            PermissionId(row["id"]),
            AccessLevel(row["access_level"]),
            description=row["description"],
        )
        for row in found["permissions"]
    ]
    roles = [
        Role(
            RoleId(row["id"]),
            row["name"],
            frozenset(permissions[at].id for at in row["permissions"]),
            row["description"],
        )
        for row in found["roles"]
    ]
    return Catalog(
        "gcp",
        found["version"],
        "gcp",
        {item.id: item for item in permissions},
        {item.id: item for item in roles},
    )


@pytest.mark.parametrize(
    "text",
    [
        "I need to list the firewalls of the compute project for two hours",
        "please let me create a pubsub topic until 18:00",
        "get iam policy of storage buckets, 1h",
        "undelete a service account key",
        "start the workflow execution again",
        "make me owner of the billing account so that I can update the budget",
        "I need something in BigQuery",
        "water the plants in the lobby",
        "rotate the cryptographic key versions of the key ring",
        "k8s pods logs",
        "whatever is necessary",
    ],
)
def test_nothing_absent_is_proposed_when_the_catalog_is_strange(text: str) -> None:
    ports = Ports([text], catalog=_gcp())
    reading = read(ports)

    found = Resolver(ports, ports, ports, ports, ports)(
        {"request": request_of("ada.quill"), "reading": reading}
    )["resolution"]

    assert {need.permission for need in reading.needs} <= set(_gcp().permissions)
    assert set(reading.roles) <= set(_gcp().roles)
    if found.clarity is Clarity.CLEAR:
        assert all(need.confidence >= 50 for need in found.understanding.needs)
    if found.question is not None:
        assert len(found.question.options) <= 5


@pytest.mark.parametrize(
    ("text", "permission"),
    [
        ("I need to create a firewall in compute", "compute.firewalls.create"),
        ("list pubsub topics", "pubsub.topics.list"),
    ],
)
def test_the_permission_is_among_the_first_when_its_words_are_said(
    text: str, permission: str
) -> None:
    reading = read(Ports([text], catalog=_gcp()))

    assert permission in {need.permission for need in reading.needs}


@pytest.mark.parametrize("text", ["whatever is necessary", "I need something in BigQuery"])
def test_a_question_is_asked_when_little_is_said(text: str) -> None:
    assert read(Ports([text], catalog=_gcp())).about is not None
