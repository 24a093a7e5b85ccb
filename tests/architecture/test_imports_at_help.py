"""`govagents --help` answers at once: it loads no framework."""

import subprocess
import sys

HEAVY = ("chromadb", "langchain_core", "langgraph", "numpy", "pydantic", "sqlmodel")

PROGRAM = f"""
import sys
from govagents.entrypoints.cli import main
sys.argv = ["govagents", "--help"]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
sys.stderr.write(" ".join(sorted(set({HEAVY!r}) & set(sys.modules))))
"""


def test_nothing_heavy_is_imported_when_help_is_asked_for() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert "Usage" in done.stdout
    assert done.stderr == ""
