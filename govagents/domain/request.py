"""A request from its words to what they were understood to mean."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from govagents.domain.ids import GrantId, IdentityId, PermissionId, RequestId, RoleId, TicketId
from govagents.domain.text import Span


class Status(StrEnum):
    """The one status vocabulary, for requests and grants alike. Expired is not revoked."""

    DRAFT = "draft"
    NEEDS_INFO = "needs_info"
    PENDING = "pending"
    APPROVED = "approved"
    ACTIVATING = "activating"
    ACTIVE = "active"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    REVOKING = "revoking"
    REVOKED = "revoked"
    REVOKE_FAILED = "revoke_failed"
    DENIED = "denied"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Request:
    """Who asked, when, for whom if said by flag. The words lie apart, under `text_digest`."""

    id: RequestId
    speaker: IdentityId
    asked_for: IdentityId | None
    at: datetime
    text_digest: str


@dataclass(frozen=True)
class Window:
    """From `start` up to but not including `end`.

    `floating` = the words gave a length ("2h"), not a clock time: its clock starts at activation.
    """

    start: datetime
    end: datetime
    floating: bool = False

    @property
    def length(self) -> timedelta:
        """How long access would last."""
        return self.end - self.start

    def activated(self, now: datetime) -> "Window":
        """The window as it runs if access begins at `now` or at its later start.

        A floating one keeps its length; one that names a clock time keeps its end.
        """
        if now <= self.start:
            return self
        end = now + self.length if self.floating else self.end
        return Window(now, end, self.floating)

    def until(self, end: datetime | None) -> "Window":
        """The window that is over at `end` at the latest; None = as it is.

        One that was cut so no longer floats: it keeps that end.
        """
        if end is None or self.end <= end:
            return self
        return Window(self.start, end)

    def overlaps(self, other: "Window") -> bool:
        """Whether some instant lies in both."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Need:
    """One permission the words ask for. `confidence` in hundredths, so that it hashes the same."""

    permission: PermissionId
    confidence: int
    span: Span


@dataclass(frozen=True)
class Reading:
    """What the reader saw in the words: candidates and places, nothing resolved, no fact.

    `roles` are roles named outright; `warnings` are prohibition ids the words raise.
    """

    needs: tuple[Need, ...] = ()
    roles: tuple[RoleId, ...] = ()
    beneficiary: Span | None = None
    window: tuple[Span, ...] = ()
    tickets: tuple[Span, ...] = ()
    purpose: Span | None = None
    warnings: tuple[str, ...] = ()
    about: str | None = None
    reader: str = ""


@dataclass(frozen=True)
class Understanding:
    """Every fact of the request, by id. `narrowed` are roles the words named but do not need.

    `window` is what was asked for; None = the words name no end. `cited` is every ticket in the
    words, `ticket` the one that counts (open, and of the beneficiary). `unaccounted` are the places
    that name somebody who is neither the speaker, nor the settled beneficiary, nor explained;
    `unread` are the words that nothing in here accounts for.
    """

    speaker: IdentityId
    beneficiary: IdentityId
    needs: tuple[Need, ...]
    window: Window | None
    ticket: TicketId | None
    purpose: Span | None
    cited: tuple[TicketId, ...] = ()
    narrowed: tuple[RoleId, ...] = ()
    warnings: tuple[str, ...] = ()
    unaccounted: tuple[Span, ...] = ()
    unread: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Extension:
    """That a request is for more time: `grant` is to be held until `until`.

    `meant` is what the request behind that grant was understood to mean; its words are not read
    again.
    """

    grant: GrantId
    until: datetime
    meant: Understanding
