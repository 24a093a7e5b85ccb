"""Making a store, and loading into it what a company or a memory is."""

import shutil
import tempfile
from contextlib import closing
from pathlib import Path

from govagents.adapters.clock import MachineClock
from govagents.adapters.limited import Limited
from govagents.adapters.settings_file import company_settings, demo_settings
from govagents.adapters.sql import imports
from govagents.adapters.sql.records import SqlRecords, new_records
from govagents.adapters.world.aws import NAME as AWS
from govagents.adapters.world.aws import read_aws
from govagents.adapters.world.catalogue import read_catalogue_file
from govagents.adapters.world.items import WorldFiles
from govagents.adapters.world.read import read_world
from govagents.domain.canonical import instant
from govagents.domain.catalog import Catalog
from govagents.domain.ids import IdentityId
from govagents.errors import StateError
from govagents.ports import Seedable
from govagents.settings import FILE, StoreSettings, home, read_settings
from govagents.wiring.opening import App, open_app
from govagents.wiring.parts import DEMO_START, targets_of

_DEMO_TARGET = "sim:sim.db"
_OPERATOR = IdentityId("operator")


def create_store(
    folder: Path | None, *, world: Path, demo: bool, database: str | None = None
) -> App:
    """A new store with the company in `world`; whole, or not at all.

    `database`: the address of a PostgreSQL for the database of record; None = a file.

    Raises:
        StateError: there is a store already.
        InputError: the world's files are wrong, every problem is named; or the address is.
        ConfigurationError: the database cannot be reached.
    """
    place = home(folder)
    if (place / FILE).exists():
        message = f"there is a store at `{place}` already: use it, or choose another `--home`"
        raise StateError(message)
    files = read_world(world)
    place.parent.mkdir(parents=True, exist_ok=True)
    # ORDER: all is made beside the place and moved there last, so that nothing is ever half a store
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".govagents-") as beside:
        draft = Path(beside) / "store"
        with closing(new_records(draft, address=database)) as records:
            if database is None:
                _make(records, files, world, demo=demo)
            else:
                _make_there(records, files, world, place, demo=demo)
        if database is None:
            _move(draft, place)
    return open_app(place)


def _make(records: SqlRecords, files: WorldFiles, world: Path, *, demo: bool) -> None:
    at = DEMO_START if demo else MachineClock().now()
    records.make(demo=demo, at=at)
    with records.begin() as tx:
        imports.apply(tx, files, principal=_OPERATOR, at=at)
        if demo:
            tx.settings.set("clock", instant(DEMO_START))
    _furnish(records.folder, world, demo=demo)
    if demo:
        _seed(read_settings(records.folder), records)


def _make_there(
    records: SqlRecords, files: WorldFiles, world: Path, place: Path, *, demo: bool
) -> None:
    """ORDER: a folder without its tables is named, tables without their key would be lost."""
    with records.begin():
        _make(records, files, world, demo=demo)
        _move(records.folder, place)


def _move(draft: Path, place: Path) -> None:
    if place.exists():
        place.rmdir()
    draft.rename(place)


def import_world(app: App, folder: Path, *, apply: bool) -> tuple[str, ...]:
    """What differs between `folder` and the store, in lines; with `apply` it is loaded."""
    files = read_world(folder)
    with app.records.begin() as tx:
        if apply:
            found = imports.apply(tx, files, principal=_OPERATOR, at=app.clock.now())
        else:
            found = imports.difference(tx, files)
    return found.lines()


def import_catalog(app: App, source: str, *, apply: bool) -> Catalog:
    """A file's catalog, or that of `aws`; with `apply` kept as a snapshot beside the company's."""
    catalog = read_aws() if source == AWS else read_catalogue_file(Path(source))
    if apply:
        with app.records.begin() as tx:
            imports.import_catalog(tx, catalog, principal=_OPERATOR, at=app.clock.now())
    return catalog


def rebuild_memory(app: App) -> int:
    """Make the index anew from the database of record; how many cases it holds."""
    return app.memory.rebuild().indexed


def _furnish(draft: Path, world: Path, *, demo: bool) -> None:
    """What an operator edits: policies, weights, settings; to begin with as the world has them."""
    policies, weights = (world / "policies").is_dir(), (world / "weights.toml").is_file()
    if policies:
        shutil.copytree(world / "policies", draft / "policies")
    if weights:
        shutil.copyfile(world / "weights.toml", draft / "weights.toml")
    text = (
        demo_settings(policies=policies, weights=weights, target=_DEMO_TARGET)
        if demo
        else company_settings(policies=policies, weights=weights)
    )
    (draft / FILE).write_text(text, encoding="utf-8")


def _seed(settings: StoreSettings, records: SqlRecords) -> None:
    """The demo company's targets show what was held before anything was asked of us."""
    target = targets_of(settings, demo=True).targets.otherwise
    target = target.behind if isinstance(target, Limited) else target
    if not isinstance(target, Seedable):
        return
    with records.begin() as tx:
        world, catalog = tx.world(), tx.catalog()
    target.seed(
        (system, item.role, item.identity)
        for item in world.assignments
        if item.expires is None or item.expires > DEMO_START
        for system in catalog.systems_of(catalog.roles[item.role])
    )
