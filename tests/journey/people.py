"""Changes of who is in the company, imported as the operator would import them."""

import json
from pathlib import Path

from govagents.testing.company import Company
from govagents.wiring import import_world


def changed(company: Company, name: str, folder: Path, **fields: object) -> None:
    """One identity with other fields; the company of this is loaded."""
    lines = company.lines_of("identities.jsonl")
    after = [{**line, **(fields if line["id"] == name else {})} for line in lines]
    text = "".join(json.dumps(line) + "\n" for line in after)
    files = company.with_files({"identities.jsonl": text}, folder)
    import_world(company.app, files, apply=True)


def believed(company: Company, name: str, level: int, folder: Path) -> None:
    """One identity is trusted so far; the company of this is loaded."""
    old = (company.world / "trust.yaml").read_text(encoding="utf-8").splitlines()
    text = "\n".join([*(line for line in old if not line.startswith(name)), f"{name}: {level}", ""])
    import_world(company.app, company.with_files({"trust.yaml": text}, folder), apply=True)
