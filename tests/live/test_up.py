"""`make up`: a server and a sweeper that start together and stop together."""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from govagents.adapters.connectors import connector_files, load_connector
from govagents.domain.ids import RoleId, SystemId
from govagents.errors import TargetRefusedError, TargetUnavailableError
from govagents.testing.company import Company
from tests.live.server import folder_for_it, free_port

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.live


@pytest.mark.usefixtures("postgres")  # it is installed
def test_a_server_answers_while_something_sweeps_and_not_afterwards(company: Company) -> None:
    folder, port = folder_for_it(), free_port()
    with ExitStack() as afterwards:
        afterwards.callback(shutil.rmtree, folder)
        up = subprocess.Popen(
            [sys.executable, "-m", "tests.live.up", str(folder), str(port)],
            env={**os.environ, "GOVAGENTS_HOME": str(company.home)},  # noqa: TID251  # passed on
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        afterwards.enter_context(up)
        afterwards.callback(up.terminate)
        assert up.stdout is not None
        said = []
        for line in up.stdout:
            said.append(line)
            if line.startswith("sweeping every"):
                break
        (address,) = (
            line.split('"postgres:')[1].strip('"\n') for line in said if "SYSTEM = " in line
        )
        connector = load_connector("postgres", connector_files()["postgres"].read_bytes())
        target = connector.at(address, company.home)

        with pytest.raises(TargetRefusedError, match="no role `a/b`"):
            target.holders(SystemId("a"), RoleId("b"))
        up.send_signal(signal.SIGINT)

        assert up.wait() == 0
        with pytest.raises(TargetUnavailableError):
            target.holders(SystemId("a"), RoleId("b"))
