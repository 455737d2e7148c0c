"""The LSP face: pygls's features on our pump.

Layer: server. pygls contributes its built-ins (``initialize``, text documents, workspace
folders, commands, progress) and ``@server.feature``; its reader, writer, envelope parsing
and error reports are replaced, see ``tests/server/test_pygls_contract.py`` for the private
pieces relied upon. Imported when a client first says ``initialize``: a client that only
reports never pays for it.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import Callable, Generator
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, default_converter, lsp_method

from shepherd_sidecar.protocol.converter import invalid_params
from shepherd_sidecar.server import encoding
from shepherd_sidecar.server.encoding import Raw, error_body, error_object, error_of, result_body
from shepherd_sidecar.server.framing import frame
from shepherd_sidecar.server.logs import silence_pygls

if TYPE_CHECKING:
    from shepherd_sidecar.server.calls import Call
    from shepherd_sidecar.server.dispatch import Dispatcher
    from shepherd_sidecar.server.session import Session
    from shepherd_sidecar.server.settings import Settings

log = logging.getLogger(__name__)
silence_pygls()


class ShepherdProtocol(LanguageServerProtocol):
    """pygls's protocol with its envelope handling replaced."""

    _server: ShepherdLanguageServer

    def call(self, call: Call, params: dict[str, Any] | None) -> None:
        """Handle a request or notification that pygls or a feature knows."""
        if call.id is not None:
            self._server.dispatcher.begin(call)
        try:
            message = self._params(call.method, params)
            handler = self._get_handler(call.method)
            if call.id is None:
                answer: Callable[[Any], None] = partial(self._notified, call.method)
            else:
                answer = partial(self._answer, call)
            context = contextvars.copy_context()
            context.run(self._run, call, handler, answer, message)
        except Exception as error:
            if call.id is None:
                self._log(call.method, error)
            else:
                self._server.dispatcher.finish(
                    call, error_body(call.id, self._describe(error, call.method))
                )

    def _run(self, call: Call, handler: Any, answer: Callable[[Any], None], message: Any) -> None:
        key: Any = call.id if call.id is not None else object()
        if call.id is not None:
            self._ctx_msg_id.set(call.id)
        self._execute_handler(key, handler, answer, (message,))
        call.future = self._request_futures.get(key)
        if call.id is None:
            self._request_futures.pop(key, None)

    def _params(self, method: str, params: dict[str, Any] | None) -> Any:
        """Typed params of LSP's own methods; others stay plain objects."""
        known = types.METHOD_TO_TYPES.get(method)
        params_type: Any = known[2] if known is not None else None
        if params_type is None:
            return params
        try:
            return self._converter.structure(params, params_type)
        except Exception as error:
            raise invalid_params(error, params_type) from None

    def _answer(self, call: Call, future: Any) -> None:
        """Reply to a request whose handler is done; any thread."""
        assert call.id is not None
        self._request_futures.pop(call.id, None)
        try:
            body = result_body(call.id, self._plain(future.result()))
        except (CancelledError, asyncio.CancelledError):
            body = error_body(call.id, encoding.CANCELLED)
        except Exception as error:
            body = error_body(call.id, self._describe(error, call.method))
        self._server.dispatcher.finish(call, body)

    def _notified(self, method: str, future: Any) -> None:
        if not future.cancelled() and (error := future.exception()) is not None:
            self._log(method, error)

    def _log(self, method: str, error: BaseException) -> None:
        log.warning("notification %s: %s", method, self._describe(error, method)["data"]["name"])

    def _describe(self, error: BaseException, method: str) -> dict[str, Any]:
        if isinstance(error, JsonRpcException):
            name = type(error).__name__.removeprefix("JsonRpc")
            more = {} if error.data is None else {"detail": error.data}
            return error_object(
                error.code, name, error.message, "see the LSP specification", **more
            )
        return error_of(error, method)

    def _plain(self, value: Any) -> Any:
        return Raw(orjson.dumps(value, default=self._serialize_message))

    def _send_data(self, data: Any) -> None:
        session = self._server.session
        body = orjson.dumps(self._converter.unstructure(data), default=self._serialize_message)
        session.writer.send(frame(body, session.framing))

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: str | int | None = None,
    ) -> Future[Any]:
        """Send a request to the client; resolves to the typed result."""
        plain = Raw(orjson.dumps(self._converter.unstructure(params)))
        asked = self._server.session.ask(method, plain)
        answered: Future[Any] = Future()
        envelope = self.get_result_type(method)

        def done(future: Future[Any]) -> None:
            if not answered.set_running_or_notify_cancel():
                return
            try:
                result = future.result()
                if envelope is not None:
                    whole = {"jsonrpc": "2.0", "id": 0, "result": result}
                    result = self._converter.structure(whole, envelope).result
                answered.set_result(result)
            except BaseException as error:
                answered.set_exception(error)
                return
            if callback is not None:
                callback(result)

        asked.add_done_callback(done)
        return answered

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(
        self, params: types.InitializeParams
    ) -> Generator[Any, Any, types.InitializeResult]:
        """LSP's ``initialize``, with our capabilities under ``experimental.shepherd``."""
        result = yield from super().lsp_initialize(params)
        result.capabilities.experimental = {"shepherd": self._server.settings.capabilities()}
        if self._server.shape is not None:
            self._server.shape(result.capabilities)
        return result

    @lsp_method(types.EXIT)
    def lsp_exit(self, *args: Any) -> Generator[Any, Any, None]:
        """LSP's ``exit``; the connection leaves in order instead of by ``sys.exit``."""
        if (user_handler := self.fm.features.get(types.EXIT)) is not None:
            yield user_handler, args, None
        self._server.on_exit()


class ShepherdLanguageServer(LanguageServer):
    """What LSP features are registered on: ``@server.feature("textDocument/hover")``.

    ``session`` is the connection; ``settings`` what the server was made of.
    """

    protocol: ShepherdProtocol

    def __init__(
        self,
        settings: Settings,
        session: Session,
        dispatcher: Dispatcher,
        on_exit: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.session = session
        self.dispatcher = dispatcher
        self.on_exit = on_exit
        self.shape: Callable[[types.ServerCapabilities], None] | None = None
        """Says of the server what pygls does not know to say; set by whoever adds features."""
        super().__init__(
            "shepherd-sidecar",
            settings.version,
            protocol_cls=ShepherdProtocol,
            converter_factory=default_converter,
        )

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log the kind of an error; pygls would show its text, which may hold a body."""
        log.error("LSP: %s", type(error).__qualname__)


def knows(server: ShepherdLanguageServer, method: str) -> bool:
    """Whether pygls or a registered feature handles the method."""
    try:
        server.protocol._get_handler(method)
    except JsonRpcMethodNotFound:
        return False
    return True
