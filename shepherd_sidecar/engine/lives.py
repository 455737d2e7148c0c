"""Noticing the death of a supervisor that somebody waits for.

Layer: engine. One thread per awaited supervisor sleeps in the kernel until its lock is free.
Keeps: no polling; a supervisor that is killed delays nobody.
"""

from __future__ import annotations

import threading

from shepherd_sidecar.engine.questions import Questions, asked_of
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.store import lifelines
from shepherd_sidecar.store.holds import Hold
from shepherd_sidecar.store.store import Store


class Lives:
    """The supervisors that intents of this process wait for."""

    def __init__(self, store: Store, questions: Questions) -> None:
        self._store = store
        self._questions = questions
        self._watched: set[str] = set()

    def watch(self, hold: Hold) -> None:
        """Go on by the default when one of those that are asked is gone."""
        for one in asked_of(hold)["of"]:
            if one["id"] not in self._watched:
                self._watched.add(one["id"])
                # A daemon: it ends with its supervisor, or with this process.
                threading.Thread(
                    target=self._wait, args=(one["id"],), name="lifeline", daemon=True
                ).start()

    def _wait(self, id_: str) -> None:
        lifelines.wait_for_end(self._store.root, id_)
        try:
            self._store.write(lambda tx: self._questions.gone(tx, id_))
        except ShepherdError:
            return  # the store is closing, or cannot be written: deadlines are left
        finally:
            self._watched.discard(id_)
