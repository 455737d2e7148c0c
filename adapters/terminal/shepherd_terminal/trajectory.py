"""A recorded terminal run: its keys and the screens after them. Reads ATIF.

Pure, but for ``read``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

_PROMPT: Final = re.compile(r"^([\w.-]+)@([\w.-]+):(\S*?)([#$])(?: |$)", re.MULTILINE)
_NOT_FOUND: Final = re.compile(r"(?:^|: )(\w[\w.+-]*): (?:command )?not found$", re.MULTILINE)
_SCREEN: Final = re.compile(r"^(?:New Terminal Output|Current Terminal Screen):\n", re.MULTILINE)
_QUESTION: Final = re.compile(r"\n*Are you sure you want to mark the task as complete\?.*", re.S)
_MODIFIED: Final = re.compile(r"C-([a-zA-Z\[\\\]^_@])|M-(.)", re.S)
_NAMED_KEYS: Final = {
    "Enter": "\r",
    "Tab": "\t",
    "Space": " ",
    "Escape": "\x1b",
    "BSpace": "\x7f",
    "Up": "\x1b[A",
    "Down": "\x1b[B",
    "Right": "\x1b[C",
    "Left": "\x1b[D",
    "Home": "\x1b[1~",
    "End": "\x1b[4~",
    "DC": "\x1b[3~",
    "PageUp": "\x1b[5~",
    "PageDown": "\x1b[6~",
}


class NotATerminalRun(ValueError):
    """The file is no recorded terminal run; the message says why."""


@dataclass(frozen=True, slots=True)
class Call:
    """One tool call. ``keys`` is None when it sends none."""

    id: str
    name: str
    arguments: dict[str, Any]

    @property
    def keys(self) -> str | None:
        """The text to send, special keys translated."""
        keys = self.arguments.get("keystrokes")
        return translate(keys) if isinstance(keys, str) else None

    @property
    def duration(self) -> float:
        """How long the agent said to wait, in seconds."""
        duration = self.arguments.get("duration", 1.0)
        return float(duration) if isinstance(duration, int | float) else 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the agent: its calls and what the terminal showed after them."""

    id: int
    calls: tuple[Call, ...]
    screen: str | None
    """None when nothing was recorded."""

    @property
    def typed(self) -> str:
        """Everything that was typed."""
        return "".join(call.keys or "" for call in self.calls)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded terminal run."""

    name: str
    session: str | None
    agent: dict[str, str]
    user: str
    host: str
    folder: str
    """Where the shell stood first, as its prompt says."""
    steps: tuple[Step, ...]
    missing: tuple[str, ...]
    """Programs that the recorded machine did not have, as its shell said."""


def read(path: Path) -> Recorded:
    """A recorded run from its file.

    Raises:
        NotATerminalRun: it is none.
    """
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise NotATerminalRun(f"{path}: {error}") from error
    return parse(value, path.stem)


def parse(value: Any, name: str) -> Recorded:
    """A recorded run from ATIF."""
    try:
        version = value["schema_version"]
        if not str(version).startswith("ATIF-v1."):
            raise NotATerminalRun(f"{name}: {version!r} is no version of ATIF 1")
        steps = tuple(_step(step) for step in value["steps"] if step["source"] == "agent")
        agent = {key: str(value["agent"][key]) for key in ("name", "version")}
        told = "".join(str(step["message"]) for step in value["steps"] if step["source"] == "user")
    except (KeyError, TypeError, AttributeError) as error:
        raise NotATerminalRun(f"{name}: not a trajectory: {error!r}") from error
    screens = "\n".join([told, *(step.screen or "" for step in steps)])
    prompt = _PROMPT.search(screens)
    if prompt is None:
        raise NotATerminalRun(f"{name}: no prompt `user@host:folder$` was recorded")
    return Recorded(
        name=name,
        session=value.get("session_id"),
        agent=agent,
        user=prompt[1],
        host=prompt[2],
        folder=prompt[3],
        steps=steps,
        missing=tuple(sorted(set(_NOT_FOUND.findall(screens)))),
    )


def prompt_folder(text: str) -> str | None:
    """The folder that the last prompt of a text names."""
    found = _PROMPT.findall(text)
    return found[-1][2] if found else None


def translate(keys: str) -> str:
    """Keys as they are sent: a name of a key, as tmux spells it, or the text itself.

    A name counts only when it is all there is, or all there is between spaces.
    """
    words = keys.split(" ") if keys else []
    named = [_key(word) for word in words]
    if named and all(key is not None for key in named):
        return "".join(key for key in named if key is not None)
    return keys


def _key(word: str) -> str | None:
    if word in _NAMED_KEYS:
        return _NAMED_KEYS[word]
    found = _MODIFIED.fullmatch(word)
    if found is None:
        return None
    return chr(ord(found[1].upper()) & 0x1F) if found[1] else "\x1b" + found[2]


def _step(step: dict[str, Any]) -> Step:
    calls = tuple(
        Call(call["tool_call_id"], call["function_name"], call["arguments"])
        for call in step.get("tool_calls") or ()
    )
    results = (step.get("observation") or {}).get("results") or ()
    texts = [result["content"] for result in results if isinstance(result.get("content"), str)]
    return Step(step["step_id"], calls, screen_of(texts) if texts else None)


def screen_of(texts: Sequence[str]) -> str:
    """What the terminal showed, without the words that the agent's program put around it."""
    text = "\n".join(texts)
    found = _SCREEN.search(text)
    return _QUESTION.sub("", text[found.end() :] if found else text).strip("\n")
