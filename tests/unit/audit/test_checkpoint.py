"""Signed checkpoints: what opens, what is refused and why, and that no bit can be changed."""

import base64
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govagents.audit import checkpoint
from govagents.audit.checkpoint import (
    Checkpoint,
    Problem,
    Rejected,
    Signer,
    VerifyKey,
    new_seed,
)

LOG = Signer("log.example/one", bytes(range(32)))
ROOT = bytes(range(32, 64))
RSA = b"\x02"  # any algorithm but Ed25519's 0x01
NOTE = LOG.sign(7, ROOT)
TEXT, SIGNATURE = NOTE.split("\n\n")


def problem(outcome: object) -> Problem | None:
    return outcome.problem if isinstance(outcome, Rejected) else None


def signed(text: str, *, by: Signer = LOG) -> str:
    """A note over any text, also one that `sign` would never write."""
    packed = by.key.id + by._private.sign(text.encode())
    return f"{text}\n\N{EM DASH} {by.name} {base64.b64encode(packed).decode()}\n"


class TestHonest:
    def test_a_checkpoint_opens_when_the_key_signed_it(self) -> None:
        """S78."""
        assert LOG.key.open(NOTE) == Checkpoint("log.example/one", 7, ROOT)

    def test_a_note_has_the_published_form(self) -> None:
        """C2SP signed-note: text, empty line, dash, name, base64."""
        lines = NOTE.split("\n")

        assert lines[:4] == ["log.example/one", "7", base64.b64encode(ROOT).decode(), ""]
        assert lines[4].startswith("\N{EM DASH} log.example/one ")
        assert lines[5:] == [""]

    def test_the_key_is_the_same_when_written_and_read_again(self) -> None:
        assert VerifyKey.parse(f"{LOG.key}\n") == LOG.key

    def test_the_key_has_the_published_form_when_written(self) -> None:
        """SOURCE: the example key of Go's sumdb/note documentation."""
        written = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

        key = VerifyKey.parse(written)

        assert isinstance(key, VerifyKey)
        assert str(key) == written
        assert key.id.hex() == "c74f20a3"

    def test_a_witness_line_is_skipped_when_ours_stands_too(self) -> None:
        """Rule 2."""
        witness = signed(f"{TEXT}\n", by=Signer("witness.example", bytes(32))).split("\n\n")[1]

        assert LOG.key.open(f"{TEXT}\n\n{witness}{SIGNATURE}") == LOG.key.open(NOTE)

    def test_seeds_differ_when_made_anew(self) -> None:
        assert len(new_seed()) == 32
        assert new_seed() != new_seed()

    def test_the_seed_stays_hidden_when_a_signer_is_printed(self) -> None:
        assert repr(LOG) == "Signer(name='log.example/one')"

    @given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
    def test_every_size_and_root_comes_back(self, size: int, root: bytes) -> None:
        assert LOG.key.open(LOG.sign(size, root)) == Checkpoint(LOG.name, size, root)


class TestRefused:
    def test_a_note_is_refused_when_any_bit_differs(self) -> None:
        """S78: every single bit of the bytes as stored; a spare bit would be a hole."""
        raw = NOTE.encode()

        accepted = [
            bit
            for bit in range(8 * len(raw))
            if isinstance(
                LOG.key.open(
                    bytes(
                        b ^ (1 << bit % 8 if at == bit // 8 else 0) for at, b in enumerate(raw)
                    ).decode(errors="surrogateescape")
                ),
                Checkpoint,
            )
        ]

        assert accepted == []

    def test_a_note_is_refused_when_nothing_parts_text_and_signatures(self) -> None:
        assert problem(LOG.key.open(NOTE.replace("\n\n", "\n"))) is Problem.MALFORMED

    def test_a_note_is_refused_when_cut_anywhere(self) -> None:
        assert [n for n in range(len(NOTE)) if isinstance(LOG.key.open(NOTE[:n]), Checkpoint)] == []

    def test_a_note_is_refused_when_another_key_of_that_name_signed(self) -> None:
        """Rule 3."""
        stranger = Signer(LOG.name, bytes(32))

        outcome = LOG.key.open(stranger.sign(7, ROOT))

        assert problem(outcome) is Problem.ANOTHER_KEY
        assert f"wanted `{LOG.name}+{LOG.key.id.hex()}`" in str(outcome)

    def test_a_note_is_refused_when_it_claims_our_key_without_its_signature(self) -> None:
        """Rule 2."""
        forged = base64.b64encode(LOG.key.id + bytes(64)).decode()

        outcome = LOG.key.open(f"{TEXT}\n\n\N{EM DASH} {LOG.name} {forged}\n")

        assert problem(outcome) is Problem.BAD_SIGNATURE

    def test_a_note_is_refused_when_the_first_line_of_our_key_is_forged(self) -> None:
        """Rule 2: a good line after it does not heal it."""
        forged = base64.b64encode(LOG.key.id + bytes(64)).decode()

        outcome = LOG.key.open(f"{TEXT}\n\n\N{EM DASH} {LOG.name} {forged}\n{SIGNATURE}")

        assert problem(outcome) is Problem.BAD_SIGNATURE

    def test_a_note_is_refused_when_only_a_witness_signed(self) -> None:
        """Rule 2."""
        note = signed(f"{TEXT}\n", by=Signer("witness.example", bytes(32)))

        assert problem(LOG.key.open(note)) is Problem.ANOTHER_KEY

    def test_a_note_is_refused_when_it_is_of_another_log(self) -> None:
        """Rule 4: signed by our key over another origin."""
        note = signed(Checkpoint("log.example/two", 7, ROOT).text())

        assert problem(LOG.key.open(note)) is Problem.ANOTHER_LOG

    @pytest.mark.parametrize(
        "text",
        [
            f"{TEXT}\nextension\n",
            f"{LOG.name}\n7\n",
            f"{LOG.name}\n07\n{TEXT.rsplit(chr(10))[2]}\n",
            f"{LOG.name}\n+7\n{TEXT.rsplit(chr(10))[2]}\n",
            f"{LOG.name}\n-7\n{TEXT.rsplit(chr(10))[2]}\n",
            f"{LOG.name}\n٧\n{TEXT.rsplit(chr(10))[2]}\n",  # noqa: RUF001  # an Arabic seven
            f"{LOG.name}\n{10**19}\n{TEXT.rsplit(chr(10))[2]}\n",
            f"{LOG.name}\n7\n{base64.b64encode(bytes(31)).decode()}\n",
            f"{LOG.name}\n7\n{base64.b64encode(bytes(33)).decode()}\n",
            f"{LOG.name}\n7\n{'A' * 42}B=\n",
            f"{LOG.name}\n7\n!\n",
            f"\n7\n{TEXT.rsplit(chr(10))[2]}\n",
            f"{TEXT}\n\n",
            f"{TEXT}\r\n",
        ],
    )
    def test_a_note_is_refused_when_its_text_is_spelled_otherwise(self, text: str) -> None:
        """Rules 1 and 5, though our key signed it."""
        assert problem(LOG.key.open(signed(text))) is Problem.MALFORMED

    @pytest.mark.parametrize(
        "line",
        [
            "",
            "- log.example/one AAAA",
            SIGNATURE.removesuffix("\n").replace(" ", "  ", 1),
            SIGNATURE.removesuffix("\n") + " more",
            "\N{EM DASH} log.example/one AAAAAA==",
            "\N{EM DASH} log.example/one AAAA",
            "\N{EM DASH} a+b AAAAAAAA",
            "\N{EM DASH} a\x01b AAAAAAAA",
        ],
    )
    def test_a_note_is_refused_when_a_signature_line_is_malformed(self, line: str) -> None:
        """Rule 2."""
        assert problem(LOG.key.open(f"{TEXT}\n\n{line}\n{SIGNATURE}")) is Problem.MALFORMED

    def test_a_refusal_shows_no_character_a_terminal_obeys(self) -> None:
        outcome = LOG.key.open(f"{TEXT}\n\n\N{RIGHT-TO-LEFT OVERRIDE}\x7f{'x' * 500}\n")

        assert str(outcome).isascii()
        assert len(str(outcome)) < 200

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "log.example",
            "log.example+00000000",
            str(LOG.key).replace("+", "-", 1),
            str(LOG.key).upper(),
            str(LOG.key)[:-1],
            str(LOG.key).replace("log", "lag"),
            f"a b+{LOG.key.id.hex()}+{str(LOG.key).split('+', 2)[2]}",
            f"+{LOG.key.id.hex()}+{str(LOG.key).split('+', 2)[2]}",
            f"\udc80+{LOG.key.id.hex()}+{str(LOG.key).split('+', 2)[2]}",
            str(VerifyKey(LOG.name, bytes(31))),
            str(VerifyKey("", LOG.key.public)),
            str(VerifyKey("a b", LOG.key.public)),
            str(VerifyKey("a\x01b", LOG.key.public)),
            f"{LOG.name}+{LOG.key.id.hex()}+{base64.b64encode(RSA + LOG.key.public).decode()}",
            f"{LOG.name}+{LOG.key.id.hex()}+{base64.b64encode(bytes(33)).decode()}",
        ],
    )
    def test_a_key_is_refused_when_it_is_not_one(self, text: str) -> None:
        assert problem(VerifyKey.parse(text)) is Problem.MALFORMED_KEY

    @pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "a\x01b", "a\u2003b"])
    def test_a_signer_is_refused_when_its_name_could_not_be_read_back(self, name: str) -> None:
        with pytest.raises(ValueError, match="cannot be a log's name"):
            Signer(name, bytes(32))

    @pytest.mark.parametrize("length", [0, 31, 33, 64])
    def test_a_signer_is_refused_when_the_seed_has_another_length(self, length: int) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            Signer("log.example", bytes(length))


class TestDefencesRemoved:
    """Each line of defence taken away, and the harm seen."""

    def test_a_changed_size_opens_when_the_signature_is_not_checked(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """removes: govagents/audit/checkpoint.py (what was received)"""
        monkeypatch.setattr(VerifyKey, "_signed", lambda *_: True)

        assert LOG.key.open(NOTE.replace("\n7\n", "\n6\n")) == Checkpoint(LOG.name, 6, ROOT)

    def test_changed_bits_open_when_base64_may_be_spelled_freely(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """removes: govagents/audit/checkpoint.py (base64 has spare bits)"""
        last = SIGNATURE[-3]  # before "=" and the line's end; its two lowest bits are spare
        changed = f"{TEXT}\n\n{SIGNATURE[:-3]}{chr(ord(last) + 1)}=\n"
        assert problem(LOG.key.open(changed)) is Problem.MALFORMED

        monkeypatch.setattr(checkpoint, "_decode", base64.b64decode)

        assert isinstance(LOG.key.open(changed), Checkpoint)

    def test_another_logs_checkpoint_opens_when_names_are_not_compared(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Rule 4 is the one line between two logs under one key."""
        note = signed(Checkpoint("log.example/two", 7, ROOT).text())
        parse = checkpoint._parse

        def blind(note: str) -> object:
            found = parse(note)
            assert not isinstance(found, Rejected)
            return replace(found, checkpoint=replace(found.checkpoint, origin=LOG.name))

        monkeypatch.setattr(checkpoint, "_parse", blind)

        assert isinstance(LOG.key.open(note), Checkpoint)
