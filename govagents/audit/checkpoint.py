"""Signed statements of the log's size and root that anyone can check with the public key.

Rules (C2SP signed-note and tlog-checkpoint, as the Go checksum database uses them):
1. The signed text is three lines: origin, size in decimal, root in base64. We sign no extension
   lines, so a checkpoint with any is refused.
2. Under an empty line stand signature lines, `— name base64(key id || signature)`. Lines of other
   keys (witnesses) are skipped; the first line of our key must verify, and there must be one.
3. The key id is the first four bytes of SHA-256(name || 0x0A || 0x01 || public key), so a line
   claims a key and not only a name.
4. The origin is the key's name: a log cannot be answered with another log's checkpoint.
5. One spelling each: numbers without leading zeros, base64 without spare bits, no characters
   below U+0020. Any changed bit of what is read makes a checkpoint refused.

A refused checkpoint is a finding, returned and not raised. Nothing here touches a file.

Source: c2sp.org/signed-note, c2sp.org/tlog-checkpoint.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_ED25519 = b"\x01"
_KEY_BYTES = 32
_ROOT_BYTES = 32
_KEY_ID_BYTES = 4
_QUOTED = 80
_DASH = "\N{EM DASH}"
_NAME = re.compile(r"[^\s+]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


class Problem(StrEnum):
    """Why a key or a checkpoint is refused."""

    MALFORMED_KEY = "malformed key"
    MALFORMED = "malformed checkpoint"
    ANOTHER_LOG = "checkpoint of another log"
    ANOTHER_KEY = "signed by another key"
    BAD_SIGNATURE = "signature does not fit the text"


@dataclass(frozen=True)
class Rejected:
    """A key or checkpoint that proves nothing, and why."""

    problem: Problem
    detail: str

    def __str__(self) -> str:
        """For a person: the problem, then what was found."""
        return f"{self.problem}: {self.detail}"


@dataclass(frozen=True)
class Checkpoint:
    """The log `origin` had this root when it had `size` entries."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The lines that are signed.

        >>> print(Checkpoint("log.example", 0, bytes(32)).text(), end="")
        log.example
        0
        AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=
        """
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"


@dataclass(frozen=True)
class VerifyKey:
    """The public half of a log's key, under the log's name."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell keys of one name apart."""
        named = self.name.encode() + b"\n" + _ED25519 + self.public
        return sha256(named).digest()[:_KEY_ID_BYTES]  # (3)

    def __str__(self) -> str:
        """The key in one line, `name+hash+base64`, as an auditor keeps it."""
        return f"{self.name}+{self.id.hex()}+{_encode(_ED25519 + self.public)}"

    @classmethod
    def parse(cls, text: str) -> "VerifyKey | Rejected":
        """The key written in one line, or why it is none."""
        parts = text.strip().split("+", 2)
        encoded = _decode(parts[-1])
        if len(parts) != 3 or encoded is None:  # noqa: PLR2004  # name, hash, key
            return Rejected(Problem.MALFORMED_KEY, f"{_quoted(text)} is not `name+hash+base64`")
        name, claimed, _ = parts
        if not _NAME.fullmatch(name) or _CONTROL.search(name):
            return Rejected(Problem.MALFORMED_KEY, f"{_quoted(name)} cannot be a key's name")
        if encoded[:1] != _ED25519 or len(encoded) != 1 + _KEY_BYTES:
            return Rejected(Problem.MALFORMED_KEY, f"{_quoted(name)} is not an Ed25519 key")
        key = cls(name, encoded[1:])
        if key.id.hex() != claimed:
            return Rejected(
                Problem.MALFORMED_KEY, f"{_quoted(name)} has not the hash {_quoted(claimed)}"
            )
        return key

    def open(self, note: str) -> "Checkpoint | Rejected":
        """The checkpoint in a signed note, believed only if this key signed it."""
        parsed = _parse(note)
        if isinstance(parsed, Rejected):
            return parsed
        checkpoint, signatures = parsed.checkpoint, parsed.signatures
        if checkpoint.origin != self.name:  # (4)
            return Rejected(
                Problem.ANOTHER_LOG, f"{_quoted(checkpoint.origin)}; wanted `{self.name}`"
            )
        ours = [s for s in signatures if s.name == self.name and s.key_id == self.id]
        if not ours:  # (2)
            wanted = f"{self.name}+{self.id.hex()}"
            return Rejected(
                Problem.ANOTHER_KEY, f"{', '.join(map(str, signatures[:3]))}; wanted `{wanted}`"
            )
        # SECURITY: what was received is verified, not what we would have written in its place
        if not self._signed(parsed.text.encode(), ours[0].signature):
            return Rejected(Problem.BAD_SIGNATURE, f"size `{checkpoint.size}`")
        return checkpoint

    def _signed(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """The private half of a log's key; `seed` is its 32 raw bytes (RFC 8032).

    Raises:
        ValueError: the name has a space or a plus in it, or the seed is not 32 bytes long.
    """

    name: str
    seed: bytes = field(repr=False)  # SECURITY: a printed signer must not give the key away

    def __post_init__(self) -> None:
        """Refuse what would sign notes that no one could open."""
        if not _NAME.fullmatch(self.name) or _CONTROL.search(self.name):
            message = f"`{self.name}` cannot be a log's name: no spaces, no plus, not empty"
            raise ValueError(message)
        if len(self.seed) != _KEY_BYTES:
            message = f"a log's key has {_KEY_BYTES} bytes, not {len(self.seed)}"
            raise ValueError(message)

    @cached_property
    def key(self) -> VerifyKey:
        """The public half, to hand to auditors."""
        return VerifyKey(self.name, self._private.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes) -> str:
        """The signed note that the log had this root at this size."""
        text = Checkpoint(self.name, size, root).text()
        signature = self._private.sign(text.encode())
        return f"{text}\n{_DASH} {self.name} {_encode(self.key.id + signature)}\n"

    @cached_property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def new_seed() -> bytes:
    """A fresh private key from the operating system's randomness."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


@dataclass(frozen=True)
class _Signature:
    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return _quoted(f"{self.name}+{self.key_id.hex()}")


@dataclass(frozen=True)
class _Note:
    """What a note claims, before anyone believes it."""

    text: str
    checkpoint: Checkpoint
    signatures: tuple[_Signature, ...]


def _parse(note: str) -> _Note | Rejected:
    text, _, foot = note.rpartition("\n\n")
    if _CONTROL.search(note) or not foot.endswith("\n"):  # (5)
        return Rejected(Problem.MALFORMED, "no text and signatures parted by an empty line")
    checkpoint = _parse_text(text)
    if isinstance(checkpoint, Rejected):
        return checkpoint
    signatures: list[_Signature] = []
    for line in foot.removesuffix("\n").split("\n"):
        signature = _parse_signature(line)
        if signature is None:
            return Rejected(Problem.MALFORMED, f"{_quoted(line)} is not a signature line")
        signatures.append(signature)
    return _Note(f"{text}\n", checkpoint, tuple(signatures))


def _parse_text(text: str) -> Checkpoint | Rejected:
    lines = text.split("\n")
    if len(lines) != 3:  # noqa: PLR2004  # (1) origin, size, root
        return Rejected(Problem.MALFORMED, f"{len(lines)} lines instead of origin, size and root")
    origin, size, encoded = lines
    root = _decode(encoded)
    if not origin or not _SIZE.fullmatch(size):
        return Rejected(Problem.MALFORMED, f"{_quoted(size)} is not a size")
    if root is None or len(root) != _ROOT_BYTES:
        return Rejected(Problem.MALFORMED, f"{_quoted(encoded)} is not a root")
    return Checkpoint(origin, int(size), root)


def _parse_signature(line: str) -> _Signature | None:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != _DASH:  # noqa: PLR2004  # dash, name, base64
        return None
    _, name, encoded = parts
    packed = _decode(encoded)
    if packed is None or not _NAME.fullmatch(name) or len(packed) <= _KEY_ID_BYTES:
        return None
    return _Signature(name, packed[:_KEY_ID_BYTES], packed[_KEY_ID_BYTES:])


def _quoted(text: str) -> str:
    """Foreign text for a message: short, and with nothing a terminal would obey."""
    return f"`{text[:_QUOTED].encode('unicode_escape').decode()}`"


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _decode(text: str) -> bytes | None:
    """The bytes behind standard base64; None for any other spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    # SECURITY: base64 has spare bits; without this line a note could be changed and still open (5)
    return data if _encode(data) == text else None
