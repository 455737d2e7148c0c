"""Everything that an LSP client may ask, registered on the server.

Layer: lsp. Keeps: a file without a trace gets an empty answer, never an error; what walks the
store runs on a thread; answers are of the buffer as it was when they were asked for.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, TypeVar

from lsprotocol import types

from shepherd_sidecar.engine import uris
from shepherd_sidecar.engine.blaming import TYPED
from shepherd_sidecar.engine.documents import document
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.errors import ShepherdError
from shepherd_sidecar.lsp import hierarchy, showing, virtual
from shepherd_sidecar.lsp.buffers import Buffer
from shepherd_sidecar.lsp.client import Client
from shepherd_sidecar.lsp.commands import Commands
from shepherd_sidecar.lsp.following import Following
from shepherd_sidecar.lsp.problems import Problem, Problems, commands, diagnostic
from shepherd_sidecar.lsp.sheets import Sheet, Sheets
from shepherd_sidecar.protocol.editors import DocumentParams
from shepherd_sidecar.server.protocol import ShepherdLanguageServer

log = logging.getLogger(__name__)
T = TypeVar("T")
Json = dict[str, Any]

_SHOWN: Final = 100
"""Documents of ours that the client is told about when they may have changed."""


def register(engine: Engine, server: ShepherdLanguageServer) -> None:
    """Add every feature to a server."""
    _Face(engine, server).register()


class _Face:
    """What is kept for one connection."""

    def __init__(self, engine: Engine, server: ShepherdLanguageServer) -> None:
        self._engine = engine
        self._server = server
        self._session = server.session
        self._buffers: dict[str, Buffer] = {}
        self._shown: OrderedDict[str, None] = OrderedDict()
        self._published: dict[str, list[Json]] = {}
        self._sheets = Sheets(engine)
        self._problems = Problems(engine)
        self._commands = Commands(engine, server, self._sheets, self._touch)
        self._following = Following(
            engine, server.session, self._commands, self._publish, lambda: [*self._shown]
        )
        self._client: Client

    def register(self) -> None:
        """Register all."""
        server = self._server
        server.shape = self._shape
        for name, heard in (
            (types.INITIALIZE, self._initialize),
            (types.INITIALIZED, self._initialized),
            (types.TEXT_DOCUMENT_DID_OPEN, self._opened),
            (types.TEXT_DOCUMENT_DID_CHANGE, self._typed),
            (types.TEXT_DOCUMENT_DID_CLOSE, self._closed),
            (types.WINDOW_WORK_DONE_PROGRESS_CANCEL, self._cancelled),
        ):
            server.feature(name)(_function(heard))
        kinds = types.CodeActionOptions([types.CodeActionKind.QuickFix])
        for name, work, empty, options in (
            (types.TEXT_DOCUMENT_CODE_LENS, self._lenses, [], None),
            (types.TEXT_DOCUMENT_INLAY_HINT, self._hints, [], None),
            (types.TEXT_DOCUMENT_HOVER, self._hover, None, None),
            (types.TEXT_DOCUMENT_CODE_ACTION, self._actions, [], kinds),
            (types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, self._symbols, [], None),
            (types.TEXT_DOCUMENT_DOCUMENT_LINK, self._links, [], None),
            (types.TEXT_DOCUMENT_FOLDING_RANGE, self._folds, [], None),
            (types.TEXT_DOCUMENT_DEFINITION, self._definition, None, None),
            (types.TEXT_DOCUMENT_PREPARE_CALL_HIERARCHY, self._prepare, None, None),
            (types.CALL_HIERARCHY_INCOMING_CALLS, self._incoming, [], None),
            (types.CALL_HIERARCHY_OUTGOING_CALLS, self._outgoing, [], None),
            (types.WORKSPACE_SYMBOL, self._search, [], None),
        ):
            server.feature(name, options)(self._guarded(work, empty))
        server.feature(types.WORKSPACE_TEXT_DOCUMENT_CONTENT)(_coroutine(self._content))
        for name in self._commands.all:
            server.command(name)(self._command(name))

    # The life of the connection

    def _initialize(self, params: types.InitializeParams) -> None:
        able = self._server.protocol._converter.unstructure(params.capabilities)
        self._client = self._commands.client = Client.of(params, able)

    def _shape(self, capabilities: types.ServerCapabilities) -> None:
        if capabilities.workspace is not None:
            content = types.TextDocumentContentOptions(schemes=[uris.SCHEME])
            capabilities.workspace.text_document_content = content
        if not self._client.commands:
            capabilities.execute_command_provider = types.ExecuteCommandOptions([])
        if not self._client.lenses:
            capabilities.code_lens_provider = None
        if not self._client.hints:
            capabilities.inlay_hint_provider = None

    def _initialized(self, _: Any) -> None:
        self._following.start(self._client)

    def _touch(self) -> None:
        """What the editor shows must be asked for again."""
        self._following.again()

    @property
    def _encoding(self) -> str:
        encoding = self._server.workspace.position_encoding
        return getattr(encoding, "value", encoding) or "utf-16"

    # Buffers

    def _opened(self, params: types.DidOpenTextDocumentParams) -> None:
        opened = params.text_document
        self._buffers[opened.uri] = Buffer(opened.version, opened.text)
        if uris.is_ours(opened.uri):
            self._remember(opened.uri)
        self._following.touch()

    def _typed(self, params: types.DidChangeTextDocumentParams) -> None:
        buffer = self._buffers.get(params.text_document.uri)
        if buffer is not None:
            version = params.text_document.version
            buffer.change(version, params.content_changes, self._encoding)
            self._following.touch()

    def _closed(self, params: types.DidCloseTextDocumentParams) -> None:
        uri = params.text_document.uri
        self._buffers.pop(uri, None)
        self._shown.pop(uri, None)
        self._sheets.forget(uri)
        if self._published.pop(uri, None):
            self._session.notify("textDocument/publishDiagnostics", {"uri": uri, "diagnostics": []})

    def _cancelled(self, params: types.WorkDoneProgressCancelParams) -> None:
        self._commands.cancel(params.token)

    def _remember(self, uri: str) -> None:
        if "/branch/" in uri or uri.endswith("/runs"):
            self._shown[uri] = None
            while len(self._shown) > _SHOWN:
                self._shown.popitem(last=False)

    # Ways to answer

    def _guarded(self, work: Callable[[Any, str], Any], empty: Any) -> Callable[[Any], Any]:
        """``work`` on a thread; what cannot be told is the empty answer."""

        async def answer(params: Any) -> Any:
            try:
                return await asyncio.to_thread(work, params, self._encoding)
            except (ShepherdError, OSError) as error:
                log.info("nothing to show: %s", type(error).__qualname__)
                return empty

        return answer

    def _command(self, name: str) -> Callable[..., Any]:
        async def run(*arguments: Any) -> Any:
            asked = arguments[0] if arguments and isinstance(arguments[0], dict) else {}
            return await self._commands.all[name](asked)

        return run

    def _sheet(self, uri: str) -> Sheet | None:
        buffer = self._buffers.get(uri)
        if buffer is None:
            return self._sheets.sheet(uri, None, None)
        text = buffer.now
        return self._sheets.sheet(uri, text.version, text.texts)

    # On code

    def _lenses(self, params: types.CodeLensParams, _: str) -> list[Json]:
        sheet = self._sheet(params.text_document.uri) if self._client.lenses else None
        return showing.lenses(sheet) if sheet is not None else []

    def _hints(self, params: types.InlayHintParams, encoding: str) -> list[Json]:
        sheet = self._sheet(params.text_document.uri) if self._client.hints else None
        if sheet is None:
            return []
        first, last = params.range.start.line, params.range.end.line
        return showing.hints(sheet, first, last, encoding)

    def _hover(self, params: types.HoverParams, encoding: str) -> Json | None:
        uri, line = params.text_document.uri, params.position.line
        if uris.is_ours(uri):
            commit = virtual.commit_at(self._engine, uri, line)
            return showing.event_hover(self._engine, commit, line, self._client.markdown)
        sheet = self._sheet(uri)
        if sheet is None:
            return None
        return showing.hover(self._engine, sheet, line, markdown=self._client.markdown)

    def _actions(self, params: types.CodeActionParams, encoding: str) -> list[Json]:
        only = params.context.only
        if only is not None and not {"", "quickfix"} & {str(getattr(k, "value", k)) for k in only}:
            return []
        uri = params.text_document.uri
        place = self._sheets.place(uri)
        sheet = self._sheet(uri)
        if place is None:
            return []
        first, last = params.range.start.line, params.range.end.line
        found: list[Json] = []
        for problem in self._problems.of(place, sheet):
            shown = diagnostic(problem, sheet, encoding)
            where = shown["range"]
            if where["start"]["line"] <= last and where["end"]["line"] >= first:
                done = commands(place, problem.commit, problem.before)
                found += [self._action(one, shown) for one in done]
        region = showing.region_at(sheet, first) if sheet is not None and not found else None
        if sheet is not None and region is not None:
            fact = sheet.facts[sheet.lines[first].source.seq]
            found += [
                self._action(one, None) for one in commands(place, fact.node.hex, fact.before)
            ]
        return found

    def _action(self, command: Json, problem: Json | None) -> Json:
        if not self._client.actions:
            return command
        fixes = {"diagnostics": [problem]} if problem is not None else {}
        return {"title": command["title"], "kind": "quickfix", "command": command, **fixes}

    # On documents of ours

    def _symbols(self, params: types.DocumentSymbolParams, _: str) -> list[Json]:
        uri = params.text_document.uri
        if not uris.is_ours(uri):
            return []
        return virtual.symbols(self._engine, uri, tree=self._client.symbols)

    def _links(self, params: types.DocumentLinkParams, encoding: str) -> list[Json]:
        uri = params.text_document.uri
        return virtual.links(self._engine, uri, encoding) if uris.is_ours(uri) else []

    def _folds(self, params: types.FoldingRangeParams, _: str) -> list[Json]:
        uri = params.text_document.uri
        return virtual.folds(self._engine, uri) if uris.is_ours(uri) else []

    def _definition(self, params: types.DefinitionParams, _: str) -> Json | None:
        uri = params.text_document.uri
        if not uris.is_ours(uri):
            return None
        commit = virtual.commit_at(self._engine, uri, params.position.line)
        if commit is None:
            return None
        return {"uri": uris.event(commit), "range": showing.spot(0)}

    async def _content(self, params: types.TextDocumentContentParams) -> Any:
        found = await asyncio.to_thread(document, self._engine, DocumentParams(params.uri))
        self._remember(params.uri)
        return {"text": found.text}

    # Causes, effects, symbols

    def _prepare(self, params: types.CallHierarchyPrepareParams, _: str) -> list[Json] | None:
        uri, line = params.text_document.uri, params.position.line
        if uris.is_ours(uri):
            commit = virtual.commit_at(self._engine, uri, line)
            branch = uris.parse(uri).branch or None
        else:
            sheet = self._sheet(uri)
            if sheet is None or line >= len(sheet.lines) or sheet.lines[line].source == TYPED:
                return None
            commit = sheet.facts[sheet.lines[line].source.seq].node.hex
            branch = sheet.place.branch
        return [hierarchy.item(self._engine, commit, branch)] if commit is not None else None

    def _incoming(self, params: types.CallHierarchyIncomingCallsParams, _: str) -> list[Json]:
        return hierarchy.incoming(self._engine, params.item.data)

    def _outgoing(self, params: types.CallHierarchyOutgoingCallsParams, _: str) -> list[Json]:
        return hierarchy.outgoing(self._engine, params.item.data)

    def _search(self, params: types.WorkspaceSymbolParams, _: str) -> list[Json]:
        return hierarchy.symbols(self._engine, params.query)

    # Problems, pushed

    async def _publish(self) -> None:
        """Send what is wrong with open files, where that has changed."""
        if not self._client.problems:
            return
        for uri in [*self._buffers]:
            found = await asyncio.to_thread(self._diagnostics, uri, self._encoding)
            if uri in self._buffers and found != self._published.get(uri, []):
                self._published[uri] = found
                told = {"uri": uri, "diagnostics": found}
                self._session.notify("textDocument/publishDiagnostics", told)

    def _diagnostics(self, uri: str, encoding: str) -> list[Json]:
        place = self._sheets.place(uri)
        if place is None:
            return []
        sheet = self._sheet(uri)
        problems: list[Problem] = self._problems.of(place, sheet)
        return [diagnostic(problem, sheet, encoding) for problem in problems]


def _function(method: Callable[[Any], None]) -> Callable[[Any], None]:
    """A function of its own: pygls marks what it is given, and a method cannot be marked."""

    def function(params: Any) -> None:
        method(params)

    return function


def _coroutine(method: Callable[[Any], Any]) -> Callable[[Any], Any]:
    async def function(params: Any) -> Any:
        return await method(params)

    return function
