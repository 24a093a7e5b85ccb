"""Settings to services: the only place where adapters are constructed.

INVARIANT (taking back never waits): `open_ending` builds what taking back needs and looks at
nothing else; what is broken is left out and named. `open_app` builds the rest on it, and nothing is
given while anything is left out.

`parts` makes the single things, `opening` puts them together, `making` makes stores and fills them.
"""

from govagents.adapters.policy_folder import read_examples, read_policies
from govagents.adapters.settings_file import to_enable
from govagents.adapters.sql.reader import misfiled, stored_log
from govagents.adapters.sql.unbacked import unbacked
from govagents.wiring.making import (
    create_store,
    import_catalog,
    import_world,
    rebuild_memory,
)
from govagents.wiring.opening import App, Ending, open_app, open_ending
from govagents.wiring.parts import DEMO_START, spans_of

__all__ = [
    "DEMO_START",
    "App",
    "Ending",
    "create_store",
    "import_catalog",
    "import_world",
    "misfiled",
    "open_app",
    "open_ending",
    "read_examples",
    "read_policies",
    "rebuild_memory",
    "spans_of",
    "stored_log",
    "to_enable",
    "unbacked",
]
