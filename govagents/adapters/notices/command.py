"""Telling by a command of the operator's, such as one that sends a page or a chat message.

Rules:
1. The notice is JSON on its standard input, one line. It is started as the settings list it, never
   by a shell, and no word of a notice is an argument.
2. It starts with an environment of its own, in the store's folder, and gets so long; then it is
   killed with all that it started.
3. It has told the person when it ends with 0. What it prints goes nowhere.
"""

import json
import os
import signal
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from govagents.adapters.notices.wording import line_of, name_of
from govagents.domain.canonical import instant
from govagents.domain.notice import Notice
from govagents.errors import TargetUnavailableError
from govagents.settings import NoticeSettings


@dataclass(frozen=True)
class Command:
    """`ports.Courier`."""

    settings: NoticeSettings
    home: Path

    def deliver(self, notice: Notice) -> None:
        """Run it once.

        Raises:
            TargetUnavailableError: it cannot be started, took too long, or ended otherwise.
        """
        program, seconds = self.settings.command[0], self.settings.limit.total_seconds()
        try:
            process = self._started()
        except (OSError, ValueError) as error:
            message = f"the command `{program}` cannot be started: {error}"
            raise TargetUnavailableError(message) from error
        with process:
            try:
                process.communicate(self._said(notice), timeout=seconds)
            except subprocess.TimeoutExpired as error:
                _killed(process)  # (2)
                message = f"the command `{program}` took longer than {seconds:g} s"
                raise TargetUnavailableError(message) from error
            except BaseException:
                _killed(process)
                raise
        if process.returncode:
            message = f"the command `{program}` ended with {process.returncode}"
            raise TargetUnavailableError(message)

    def _started(self) -> "subprocess.Popen[bytes]":
        """(1) (2)."""
        return subprocess.Popen(  # noqa: S603  # the operator's own, and no shell
            self.settings.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath},
            cwd=self.home,
            start_new_session=True,
        )

    def _said(self, notice: Notice) -> bytes:
        """(1)."""
        said = {
            "id": name_of(notice),
            "person": notice.person,
            "address": self.settings.address_of(notice.person),
            "about": notice.about,
            "text": line_of(notice.text),
            "at": instant(notice.at),
        }
        return json.dumps(said).encode() + b"\n"


def _killed(process: "subprocess.Popen[bytes]") -> None:
    """(2) The whole group. It was not waited for yet, so that its number is nobody else's."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
