"""A mail server as far as one is needed: real sockets on loopback, and every letter kept."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Postbox:
    """`answers` by command, for the first word said `HI` and for a letter `.`; else it agrees.

    `silent` = it never says a word until it is let go.
    """

    answers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    letters: list[str] = field(default_factory=list)
    to: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    address: str = ""
    let_go: threading.Event = field(default_factory=threading.Event)


class _Talk(socketserver.StreamRequestHandler):
    """One conversation, RFC 5321 without anything optional."""

    server: "_Server"

    def handle(self) -> None:
        box = self.server.box
        if box.silent:
            box.let_go.wait()
            return
        if not self._agreed("HI", "220 postbox"):
            return
        for line in self.rfile:
            word = line.decode().strip()
            box.commands.append(word)
            if not self._answered(box, word):
                return

    def _answered(self, box: Postbox, word: str) -> bool:
        match word.partition(" ")[0].partition(":")[0].upper():
            case "EHLO":
                self._agreed("EHLO", "250-postbox\r\n250 AUTH PLAIN")
            case "RCPT":
                box.to.append(word.partition(":")[2])
                self._agreed("RCPT", "250 ok")
            case "DATA":
                if self._agreed("DATA", "354 go on"):
                    letter = self._letter()
                    if self._agreed(".", "250 kept"):
                        box.letters.append(letter)
            case "QUIT":
                self._agreed("QUIT", "221 bye")
                return False
            case other:
                self._agreed(other, "235 ok" if other == "AUTH" else "250 ok")
        return True

    def _agreed(self, command: str, usual: str) -> bool:
        """Answers; whether it is the usual answer."""
        answer = self.server.box.answers.get(command, usual)
        self._say(answer)
        return answer == usual

    def _letter(self) -> str:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.decode())
        return "".join(lines)

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    """On a port of the system's choice."""

    daemon_threads = True
    box: Postbox


@contextmanager
def postbox(box: Postbox) -> Iterator[Postbox]:
    """It stands at `box.address` meanwhile."""
    with _Server(("127.0.0.1", 0), _Talk) as server:
        server.box = box
        host, port = server.server_address[:2]
        box.address = f"{host!s}:{port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield box
        finally:
            box.let_go.set()
            server.shutdown()
