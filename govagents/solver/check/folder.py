"""Print the verdict on a folder of the four files a proof is written to."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from govagents.solver.check.judgement import judge
from govagents.solver.check.question import MALFORMED, read


def check_folder(folder: Path) -> list[str]:
    """What is wrong with its `certificate.json`; empty: accepted.

    Beside it lie `catalogue.json`, `problem.json` and `weights.json`.
    """

    def of(name: str) -> Any:  # noqa: ANN401  # JSON of any shape
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))

    try:
        facts = read(of("catalogue"), of("weights"))
        return judge(of("certificate"), of("problem"), facts)
    except (OSError, *MALFORMED) as error:
        return [f"cannot be judged: {type(error).__name__}: {error}"]


def main(arguments: Sequence[str]) -> int:
    """Names from the files are printed escaped."""
    if len(arguments) != 1:
        sys.stderr.write("usage: check DIR\n")
        return 2
    faults = [ascii(fault) for fault in check_folder(Path(arguments[0]))]
    sys.stdout.writelines(f"{line}\n" for line in faults or ["accepted"])
    return int(bool(faults))
