"""A new store's `settings.toml`, and the lines that an operator adds to it."""

from govagents.adapters.connectors import connector_files, fingerprint
from govagents.settings import StoreSettings, effective_user

_COMPANY = """\
# What this store may do. Paths are relative to this folder. A line behind `# ` that looks like
# `name = "value"` or `[table]` is an example: take the mark away, from the table too. After every
# change: `govagents doctor`.

# Folder of .cedar files, their examples in examples/. Without it everything is denied.
{policies}policies = "policies"

# What a permission costs that nobody asked for: [access_level] and [sensitivity]. Else the default.
{weights}weights = "weights.toml"

# Who reads sentences: "local" is built in, "PROVIDER:MODEL" or
# "package.module:factory" a chat model of LangChain.
# model = "local"

# How long a target is waited for before what it did counts as unknown.
# target_seconds = 10

# How often live access is decided on again, besides at every change; a day at most.
# redecide_minutes = 15

# A file for one span of each call of a target, in the lines of OpenTelemetry's JSON files.
# traces = "traces.jsonl"

# Connectors that may be loaded: name of the file in tools/connectors, SHA-256 of the file. These
# are the ones of this release. A connector runs with the engine's powers: read it first.
# [connectors]
{connectors}

# Which target serves a system: id of the system, or "*" for every other, and "CONNECTOR:ADDRESS".
# `sim` is no real target: it only pretends, in a file of this folder.
# [systems]
# "*" = "sim:sim.db"

# Who speaks: user id of the system, and who of the company that is.
# [operators]
# {uid} = "ID"

# How people are told what lies in their inbox: by mail, or by
# `command = ["/usr/bin/program", "-x"]`, which gets each notice as a line of JSON on its standard
# input. `security` is starttls, tls, or none where nobody else reads along. After `remind_hours` of
# waiting people are reminded, in their inbox too.
# [notices]
# smtp = "mail.example.org:587"
# security = "starttls"
# user = "govagents"
# password_file = "smtp.password"
# sender = "govagents@example.org"
# domain = "example.org"
# seconds = 10
# remind_hours = 4
# [notices.addresses]
# "ID" = "somebody@example.org"
"""


def company_settings(*, policies: bool, weights: bool) -> str:
    """For a company of one's own: all that can be set, in force only what its folder brings."""
    return _COMPANY.format(
        policies="" if policies else "# ",
        weights="" if weights else "# ",
        connectors="\n".join(f"# {_enabling(name)}" for name in connector_files()),
        uid=effective_user(),
    )


def demo_settings(*, policies: bool, weights: bool, target: str) -> str:
    """For the demo company, whose every system is `target`."""
    lines = ['policies = "policies"'] * policies + ['weights = "weights.toml"'] * weights
    lines += ["", "[connectors]", _enabling(target.partition(":")[0])]
    return "\n".join([*lines, "", "[systems]", f'"*" = "{target}"', ""])


def to_enable(settings: StoreSettings) -> tuple[str, ...]:
    """Lines for [connectors]: what the store's targets need and is not enabled as it is now."""
    needed = {target.partition(":")[0] for target in settings.systems.values()}
    return tuple(
        _enabling(name)
        for name in sorted((needed | set(settings.connectors)) & set(connector_files()))
        if settings.connectors.get(name) != fingerprint(name)
    )


def _enabling(name: str) -> str:
    return f'{name} = "{fingerprint(name)}"'
