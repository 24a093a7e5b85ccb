"""Telling by mail, through a server of the operator's (RFC 5321, RFC 5322).

Rules:
1. SECURITY: no word of a notice can become a header or a command: the letter is built by the
   standard library's parts, from one line at a time, and an address holds nothing but one address.
2. Unless the settings say `none`, the connection is encrypted and the server's certificate checked
   before anything is said; a password is said in no other way.
3. A whole conversation takes so long and no longer; one that hangs is left alone in its thread.
4. The server's word counts: a letter that it refuses for good, for its recipient or its text, is
   not sent again (RFC 5321, 4.2.3). What it says of itself, of us or of a password mends itself or
   is mended: that is tried again, whatever number it has.
5. A letter that is sent twice has the same id, and says that a machine wrote it (RFC 3834). Once it
   is taken, nothing that goes wrong in parting makes it be sent twice.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage

from govagents.adapters.limited import Waiting
from govagents.adapters.notices.wording import line_of, name_of
from govagents.domain.notice import Notice
from govagents.errors import TargetRefusedError, TargetUnavailableError
from govagents.settings import NoticeSettings

_FOR_GOOD = range(550, 555)
_LOOK = "It waits in your inbox: `govagents inbox`."


@dataclass(frozen=True)
class Mail:
    """`ports.Courier`."""

    settings: NoticeSettings

    def deliver(self, notice: Notice) -> None:
        """Hand one letter to the server.

        Raises:
            TargetRefusedError: nobody has an address for that person, or the server refuses it.
            TargetUnavailableError: it cannot be reached, or does not answer in time.
        """
        letter = self.letter(notice)
        sending = Waiting(lambda: self._handed_over(letter))
        if not sending.within(self.settings.limit):  # (3)
            message = f"`{self.settings.smtp}` does not answer"
            raise TargetUnavailableError(message)
        sending.outcome()

    def letter(self, notice: Notice) -> EmailMessage:
        """(1) (5).

        Raises:
            TargetRefusedError: nobody has an address for that person.
        """
        to = self.settings.address_of(notice.person)
        if to is None:
            message = f"there is no address for `{line_of(notice.person)}`, under [notices]"
            raise TargetRefusedError(message)
        letter = EmailMessage()
        letter["From"], letter["To"] = self.settings.sender, to
        letter["Subject"] = f"govagents: {line_of(notice.about)}"
        letter["Date"] = notice.at
        domain = self.settings.sender.rpartition("@")[2]
        letter["Message-ID"] = f"<govagents.{name_of(notice)}@{domain}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(f"{line_of(notice.text)}\n\n{_LOOK}\n")
        return letter

    def _handed_over(self, letter: EmailMessage) -> None:
        try:
            with self._server() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _refused(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:  # (4)
            raise TargetUnavailableError(_said(error.smtp_code, error.smtp_error)) from error
        except (OSError, smtplib.SMTPException) as error:
            message = f"`{self.settings.smtp}` cannot be used: {error}"
            raise TargetUnavailableError(message) from error

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        """(2)."""
        host, _, port = self.settings.smtp.rpartition(":")
        seconds, trusted = self.settings.limit.total_seconds(), ssl.create_default_context()
        if self.settings.security == "tls":
            opened: smtplib.SMTP = smtplib.SMTP_SSL(
                host, int(port), timeout=seconds, context=trusted
            )
        else:
            opened = smtplib.SMTP(host, int(port), timeout=seconds)
        try:
            if self.settings.security == "starttls":
                opened.starttls(context=trusted)
            if self.settings.user and self.settings.password is not None:
                secret = self.settings.password.read_text(encoding="utf-8").strip()
                opened.login(self.settings.user, secret)
            yield opened
        finally:
            with suppress(OSError, smtplib.SMTPException):  # (5)
                opened.quit()


def _refused(code: int, said: bytes | str) -> TargetRefusedError | TargetUnavailableError:
    """(4) An answer about this letter."""
    message = _said(code, said)
    return TargetRefusedError(message) if code in _FOR_GOOD else TargetUnavailableError(message)


def _said(code: int, said: bytes | str) -> str:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"the mail server answers {code}: {words}"
