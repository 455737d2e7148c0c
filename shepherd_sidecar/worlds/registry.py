"""Which drivers there are, and which one is taken.

Layer: worlds. Chosen by trying in the folder where worlds will stand, never by the name of
the system. What was found is kept there until the machine starts again: trying costs a process.

For root an overlay comes first: to what runs in it, it is a folder like any. Without root, what
shares blocks comes before it where the file system can: an overlay is then mounted where only the
keeper and what it starts see it, and who renames a folder that was there at the fork is told to
copy it (EXDEV), as in a container. A process that does not stay mounts nothing unasked.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

import msgspec

from shepherd_sidecar import __version__
from shepherd_sidecar.errors import DriverUnavailable
from shepherd_sidecar.trace.ids import Id
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import Availability, Driver
from shepherd_sidecar.worlds.keeper.client import Keeper
from shepherd_sidecar.worlds.keeper.connection import seen_from

if TYPE_CHECKING:
    from shepherd_sidecar.worlds.overlay_driver import OverlayDriver

LAYERS: Final = "layers"
ROOT: Final = "root"
"""Where in its home an overlay is mounted."""
_FOUND: Final = ".drivers"
_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")


class _Found(msgspec.Struct, frozen=True):
    """What was found when it was tried."""

    when: tuple[str, int, str]
    """The machine's start, the user, and the version that tried."""
    rows: list[tuple[str, bool, str | None]]
    """Name, availability and reason."""


@runtime_checkable
class _Keeping(Protocol):
    """A driver that keeps something at hand to make worlds from."""

    def forget(self, keep: Collection[Id]) -> None:
        """Remove it, but for these trees."""


class Registry:
    """The drivers of one store, in the order in which they are taken.

    Args:
        folder: where worlds apart will stand; it is made when it is missing.
        settings: for every driver.
        keeper: mounts what is mounted.
        deep: told of trees whose layers should be squashed, some time.
        mounts: whether worlds may be mounts unasked, which last while somebody stays with them.
    """

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        keeper: Keeper,
        deep: Callable[[Id], None] | None = None,
        *,
        mounts: bool = True,
    ) -> None:
        self.folder, self._mounts = folder, mounts
        self.keeper = keeper
        self._settings, self._deep = settings, deep
        self.plain = CopyDriver(settings)
        """Captures plain folders, the user's own among them; lays worlds wherever it must."""
        self._probed: dict[str, Availability] = {}

    @cached_property
    def drivers(self) -> tuple[Driver, ...]:
        """All of them, whether they work here or not."""
        from shepherd_sidecar.worlds.btrfs_driver import BtrfsDriver
        from shepherd_sidecar.worlds.layers import Layers
        from shepherd_sidecar.worlds.overlay_driver import OverlayDriver
        from shepherd_sidecar.worlds.reflink_driver import ReflinkDriver

        layers = Layers(self.folder.with_name(LAYERS))
        overlay = OverlayDriver(self._settings, layers, self.keeper, deep=self._deep)
        sharing = BtrfsDriver(self._settings), ReflinkDriver(self._settings)
        if os.geteuid() == 0:
            return overlay, *sharing, self.plain
        return *sharing, overlay, self.plain

    def probe_all(self) -> list[Availability]:
        """Each driver with the reason why it does not work here, if so. Tried once."""
        if not self._probed:
            self._probed = self._remembered() or self._tried()
        return list(self._probed.values())

    def available(self, name: str) -> bool:
        """Whether the driver of this name works here."""
        return any(row.name == name and row.available for row in self.probe_all())

    def choose(self, name: str | None = None) -> Driver:
        """The driver of this name, or the first that works.

        Raises:
            DriverUnavailable: with ``drivers``, each with its reason.
        """
        if name == self.plain.name:
            return self.plain
        rows = {row.name: row for row in self.probe_all()}
        for driver in self.drivers:
            if not rows[driver.name].available:
                continue
            if name == driver.name or (name is None and (self._mounts or layered(driver) is None)):
                return driver
        asked = rows.get(name) if name is not None else None
        if name is None:
            message = "no world driver works here"
        elif asked is None:
            message = f"there is no world driver {name!r}"
        else:
            message = f"the world driver {name!r} does not work here: {asked.why}"
        raise DriverUnavailable(
            message,
            drivers=[
                {"name": r.name, "available": r.available, "why": r.why} for r in rows.values()
            ],
        )

    def forget(self, keep: Collection[Id]) -> None:
        """Remove what is kept at hand for other trees; the rest is written to the disk."""
        for driver in self.drivers:
            overlay = layered(driver)
            if overlay is not None:
                overlay.forget(self.folder, keep)
                overlay.layers.sync()
            elif isinstance(driver, _Keeping):
                driver.forget(keep)

    def close(self) -> None:
        """Keep what is known of the worlds for the next process."""
        used = self.drivers if "drivers" in self.__dict__ else (self.plain,)
        for driver in used:
            driver.flush()
            if isinstance(driver, CopyDriver):
                driver.close()

    def _tried(self) -> dict[str, Availability]:
        rows = {}
        for driver in self.drivers:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                rows[driver.name] = driver.probe(self.folder)
            except OSError as error:
                why = f"{self.folder} cannot be made: {error.strerror}"
                rows[driver.name] = Availability(driver.name, False, why)
        found = _Found(_now(), [(r.name, r.available, r.why) for r in rows.values()])
        file = self.folder.with_name(f"{self.folder.name}{_FOUND}")
        beside = file.with_name(f"{file.name}.{os.getpid()}")
        try:
            beside.write_bytes(msgspec.json.encode(found))
            beside.chmod(0o600)
            beside.rename(file)
        except OSError:
            beside.unlink(missing_ok=True)  # a full disk: it is tried again next time
        return rows

    def _remembered(self) -> dict[str, Availability]:
        file = self.folder.with_name(f"{self.folder.name}{_FOUND}")
        try:
            found = msgspec.json.decode(file.read_bytes(), type=_Found)
        except (OSError, msgspec.DecodeError):
            return {}
        if found.when != _now():
            return {}
        return {row[0]: Availability(*row) for row in found.rows}


def layered(driver: Driver) -> OverlayDriver | None:
    """The driver, when it is the one that stacks layers."""
    if driver.name != "overlay":
        return None
    from shepherd_sidecar.worlds.overlay_driver import OverlayDriver

    assert isinstance(driver, OverlayDriver)
    return driver


def path_of(driver: str, home: str) -> str:
    """Where the files of a world are when it is open; opens nothing."""
    if driver != "overlay":
        return home
    prefix = seen_from(Path(home).parent) if os.geteuid() else ""
    return f"{prefix}{home}/{ROOT}"


def _now() -> tuple[str, int, str]:
    try:
        boot = _BOOT.read_text().strip()
    except OSError:
        boot = ""
    return boot, os.geteuid(), __version__
