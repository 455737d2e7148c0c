"""The door to the LSP face: opens it (importing pygls) when an LSP client says so.

Layer: server. Until then ``shutdown`` and ``exit`` are answered here, and LSP's other
requests are refused as LSP says. A client that says ``initialize`` and nothing that only LSP
clients say gets our capabilities at once, and never pays for pygls.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from shepherd_sidecar.errors import ProtocolVersionUnsupported
from shepherd_sidecar.server import encoding
from shepherd_sidecar.server.encoding import error_body, error_object, error_of, result_body
from shepherd_sidecar.server.settings import PROTOCOL_VERSIONS, Settings

if TYPE_CHECKING:
    from shepherd_sidecar.server.calls import Call
    from shepherd_sidecar.server.dispatch import Dispatcher
    from shepherd_sidecar.server.protocol import ShepherdLanguageServer
    from shepherd_sidecar.server.session import Session

log = logging.getLogger(__name__)

_LIFE: Final = ("initialize", "initialized", "shutdown", "exit")
_NAMESPACES: Final = frozenset(
    (
        "textDocument",
        "workspace",
        "window",
        "notebookDocument",
        "completionItem",
        "codeAction",
        "codeLens",
        "documentLink",
        "inlayHint",
        "workspaceSymbol",
        "callHierarchy",
        "typeHierarchy",
    )
)


class LspFace:
    """Of one connection. ``server`` is None until ``initialize`` was asked."""

    def __init__(
        self,
        settings: Settings,
        session: Session,
        on_initialize: Callable[[int | None], None],
        on_shutdown: Callable[[], None],
        on_exit: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._session = session
        self._on_initialize = on_initialize
        self._on_shutdown = on_shutdown
        self._on_exit = on_exit
        self.dispatcher: Dispatcher
        self.server: ShepherdLanguageServer | None = None
        self._initialized = False

    def knows(self, method: str) -> bool:
        """Whether a call of this method is for this face."""
        if method in _LIFE or method.partition("/")[0] in _NAMESPACES:
            # Before initialize they are known and refused; after it pygls decides.
            return self.server is None or method in _LIFE or self._registered(method)
        return self.server is not None and self._registered(method)

    def names(self) -> list[str]:
        """What it knows, for hints."""
        if self.server is None:
            return list(_LIFE)
        manager = self.server.protocol.fm
        return [*manager.builtin_features, *manager.features]

    def call(self, call: Call, params: dict[str, Any] | None) -> None:
        """Handle a call that it knows."""
        method = call.method
        if method == "initialize":
            self._initialize(call, params or {})
            return
        if method == "shutdown":
            self._on_shutdown()
        if self.server is not None:
            self.server.protocol.call(call, params)
        elif method == "shutdown":
            self._finish(call, lambda id_: result_body(id_, None))
        elif method == "exit":
            self._on_exit()
        elif method == "initialized" and self._initialized:
            self._finish(call, lambda id_: result_body(id_, None))
        else:
            self._finish(call, lambda id_: error_body(id_, _NOT_INITIALIZED))

    def close(self) -> None:
        """Stop what pygls may have started."""
        if self.server is not None:
            self.server.shutdown()  # type: ignore[no-untyped-call]

    def _registered(self, method: str) -> bool:
        from shepherd_sidecar.server.protocol import knows

        return self.server is not None and knows(self.server, method)

    def _initialize(self, call: Call, params: dict[str, Any]) -> None:
        if self._initialized:
            self._finish(call, lambda id_: error_body(id_, _TWICE))
            return
        asked = _asked_version(params)
        if asked is not None and asked not in PROTOCOL_VERSIONS:
            error = ProtocolVersionUnsupported(
                "this protocol version is not spoken here", supported=list(PROTOCOL_VERSIONS)
            )
            self._finish(call, lambda id_: error_body(id_, error_of(error, "initialize")))
            return
        self._session.author = _client_name(params) or self._session.author
        process = params.get("processId")
        self._on_initialize(process if type(process) is int else None)
        self._initialized = True
        if _speaks_lsp(params):
            self._open(params, call)
            return
        # Importing pygls takes longer than all the rest of a start.
        told = {
            "capabilities": {"experimental": {"shepherd": self._settings.capabilities()}},
            "serverInfo": {"name": "shepherd-sidecar", "version": self._settings.version},
        }
        self._finish(call, lambda id_: result_body(id_, told))

    def _open(self, params: dict[str, Any], call: Call) -> None:
        """Import pygls and hand it ``initialize``."""
        # The one heavy import of the server, paid by those who need it.
        from shepherd_sidecar.server.protocol import ShepherdLanguageServer

        server = ShepherdLanguageServer(
            self._settings, self._session, self.dispatcher, self._on_exit
        )
        self._settings.features(server)
        self.server = server
        # Some clients that are no editors omit what LSP requires of them.
        server.protocol.call(
            call, {"processId": None, "capabilities": {}, "rootUri": None} | params
        )

    def _finish(self, call: Call, body: Callable[[str | int], bytes]) -> None:
        if call.id is not None:
            self.dispatcher.begin(call)
            self.dispatcher.finish(call, body(call.id))


def _speaks_lsp(params: dict[str, Any]) -> bool:
    """Whether a client says what every LSP client says: where it is rooted, or what it can do."""
    able = params.get("capabilities")
    can = set(able) - {"experimental"} if isinstance(able, dict) else set()
    return bool(can) or not params.keys().isdisjoint(("rootUri", "rootPath", "workspaceFolders"))


def _client_name(params: dict[str, Any]) -> str | None:
    """``clientInfo.name``, when it can stand in a log: printable and short."""
    info = params.get("clientInfo")
    name = info.get("name") if isinstance(info, dict) else None
    return name[:100] if isinstance(name, str) and name.isprintable() and name else None


def _asked_version(params: dict[str, Any]) -> Any:
    """The protocol version the client states, in either of the two places."""
    for path in (
        ("initializationOptions", "shepherd", "protocolVersion"),
        ("capabilities", "experimental", "shepherd", "protocolVersion"),
    ):
        part: Any = params
        for name in path:
            part = part.get(name) if type(part) is dict else None
        if part is not None:
            return part
    return None


_NOT_INITIALIZED: Final = error_object(
    encoding.NOT_INITIALIZED,
    "ServerNotInitialized",
    "LSP is not initialized",
    "send initialize with rootUri or capabilities, as LSP clients do",
)
_TWICE: Final = error_object(
    encoding.INVALID_REQUEST, "InvalidRequest", "initialize was sent before", "send it once"
)
