"""Which drivers there are, and which one is taken.

Layer: worlds. Chosen by trying in the folder where worlds will stand, never by the name of
the system.
"""

from __future__ import annotations

from pathlib import Path

from shepherd_sidecar.errors import DriverUnavailable
from shepherd_sidecar.worlds.copy_driver import CopyDriver, Settings
from shepherd_sidecar.worlds.driver import Availability, Driver


class Registry:
    """The drivers of one store, the fastest first."""

    def __init__(self, folder: Path, settings: Settings | None = None) -> None:
        """``folder``: where worlds apart will stand; it is made when it is missing."""
        self.folder = folder
        self.plain = CopyDriver(settings)
        """Captures plain folders, the user's own among them; lays worlds wherever it must."""
        self.drivers: tuple[Driver, ...] = (self.plain,)
        self._probed: dict[str, Availability] = {}

    def probe_all(self) -> list[Availability]:
        """Each driver with the reason why it does not work here, if so. Tried once."""
        return [self._probe(driver) for driver in self.drivers]

    def choose(self, name: str | None = None) -> Driver:
        """The driver of this name, or the first that works.

        Raises:
            DriverUnavailable: with ``drivers``, each with its reason.
        """
        for driver in self.drivers:
            if name in (None, driver.name) and self._probe(driver).available:
                return driver
        rows = self.probe_all()
        asked = next((row for row in rows if row.name == name), None)
        if name is None:
            message = "no world driver works here"
        elif asked is None:
            message = f"there is no world driver {name!r}"
        else:
            message = f"the world driver {name!r} does not work here: {asked.why}"
        raise DriverUnavailable(
            message,
            drivers=[{"name": r.name, "available": r.available, "why": r.why} for r in rows],
        )

    def _probe(self, driver: Driver) -> Availability:
        if driver.name not in self._probed:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                found = driver.probe(self.folder)
            except OSError as error:
                why = f"{self.folder} cannot be made: {error.strerror}"
                found = Availability(driver.name, False, why)
            self._probed[driver.name] = found
        return self._probed[driver.name]
