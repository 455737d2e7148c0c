"""An editor for tests: initialize as a real client says it, documents, and short words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.support.sidecar import Sidecar
from tests.support.wire import event, reply, request

CLIENTS = Path(__file__).parent / "clients"
NAMES = sorted(path.stem for path in CLIENTS.glob("*.json"))

Json = dict[str, Any]


class Editor:
    """A client on a sidecar of its own."""

    def __init__(self, wire: Sidecar, client: str, folder: Path, **options: Any) -> None:
        self.wire = wire
        said = json.loads((CLIENTS / f"{client}.json").read_text())
        said["rootUri"] = folder.as_uri()
        if options:
            said["initializationOptions"] = {"shepherd": options}
        self.able = said["capabilities"]
        self.server: Json = wire.call("initialize", said)["capabilities"]
        self.encoding = self.server["positionEncoding"]
        wire.notify("initialized", {})

    def can(self, path: str) -> bool:
        """Whether the client said that it can do something."""
        able: Any = self.able
        for name in path.split("."):
            able = able.get(name) if isinstance(able, dict) else None
        return able not in (None, False)

    @property
    def reads_markdown(self) -> bool:
        """Whether hovers may be Markdown."""
        hover = self.able.get("textDocument", {}).get("hover", {})
        return "markdown" in hover.get("contentFormat", ())

    def open(self, path: Path, text: str | None = None) -> str:
        """Open a file; returns its URI."""
        text = path.read_text() if text is None else text
        uri = path.as_uri()
        document = {"uri": uri, "languageId": "plaintext", "version": 1, "text": text}
        self.wire.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def type(self, uri: str, version: int, line: int, character: int, text: str) -> None:
        """Insert a text."""
        at = {"line": line, "character": character}
        sent = {
            "textDocument": {"uri": uri, "version": version},
            "contentChanges": [{"range": {"start": at, "end": at}, "text": text}],
        }
        self.wire.notify("textDocument/didChange", sent)

    def replace(self, uri: str, version: int, text: str) -> None:
        """Put another text in place of all."""
        document = {"uri": uri, "version": version}
        sent = {"textDocument": document, "contentChanges": [{"text": text}]}
        self.wire.notify("textDocument/didChange", sent)

    def ask(self, method: str, uri: str, line: int | None = None, **params: Any) -> Any:
        """A request about a document."""
        at = {"position": {"line": line, "character": 0}} if line is not None else {}
        return self.wire.call(method, {"textDocument": {"uri": uri}, **at, **params})

    def lenses(self, uri: str) -> list[tuple[int, str]]:
        """Lines and titles."""
        found = self.ask("textDocument/codeLens", uri)
        return [(one["range"]["start"]["line"], one["command"]["title"]) for one in found]

    def hints(self, uri: str, first: int = 0, last: int = 100_000) -> list[tuple[int, int, str]]:
        """Lines, characters and labels."""
        where = {"start": {"line": first, "character": 0}, "end": {"line": last, "character": 0}}
        found = self.ask("textDocument/inlayHint", uri, range=where)
        return [
            (one["position"]["line"], one["position"]["character"], one["label"]) for one in found
        ]

    def hover(self, uri: str, line: int) -> str | None:
        """The text of a hover."""
        found = self.ask("textDocument/hover", uri, line)
        return found["contents"]["value"] if found is not None else None

    def actions(self, uri: str, line: int) -> list[Json]:
        """Code actions on a line."""
        at = {"line": line, "character": 0}
        where = {"start": at, "end": at}
        asked = {"range": where, "context": {"diagnostics": []}}
        found: list[Json] = self.ask("textDocument/codeAction", uri, **asked)
        return found

    def run(self, command: str, **argument: Any) -> Any:
        """Execute a command."""
        return self.wire.result(self.start(command, **argument))

    def start(self, command: str, **argument: Any) -> Any:
        """Begin to execute a command; returns the request's id."""
        sent = {"command": command, "arguments": [argument]}
        return self.wire.request("workspace/executeCommand", sent)

    def choose(self, title: str | None, *, about: str = "") -> str:
        """Answer the next question to the person; returns what was asked."""
        [asked] = self.wire.expect(
            request("window/showMessageRequest", lambda p: about in p["message"])
        )
        titles = [one["title"] for one in asked["params"]["actions"]]
        assert title is None or title in titles
        self.wire.respond(asked["id"], {"title": title} if title is not None else None)
        return str(asked["params"]["message"])

    def problems(self, uri: str, *codes: str) -> list[Json]:
        """The diagnostics of a document, once they are of these codes."""
        [told] = self.wire.expect(
            event(
                "textDocument/publishDiagnostics",
                lambda p: (
                    p["uri"] == uri and sorted(d["code"] for d in p["diagnostics"]) == sorted(codes)
                ),
            )
        )
        found: list[Json] = told["params"]["diagnostics"]
        return found


__all__ = ["NAMES", "Editor", "event", "reply", "request"]
