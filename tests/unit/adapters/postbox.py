"""A mail server as far as one is needed: real sockets on loopback, and every letter kept."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Postbox:
    """`refuses` = the answer to a recipient; `silent` = it never says a word until it is let go."""

    refuses: str = ""
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
        self._say("220 postbox")
        for line in self.rfile:
            word = line.decode().strip()
            box.commands.append(word)
            if not self._answered(box, word):
                return

    def _answered(self, box: Postbox, word: str) -> bool:
        match word.partition(" ")[0].partition(":")[0].upper():
            case "RCPT":
                box.to.append(word.partition(":")[2])
                self._say(box.refuses or "250 ok")
            case "DATA":
                self._say("354 go on")
                box.letters.append(self._letter())
                self._say("250 kept")
            case "QUIT":
                self._say("221 bye")
                return False
            case _:
                self._say("250 ok")
        return True

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
