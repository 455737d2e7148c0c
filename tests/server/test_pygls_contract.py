"""The private pieces of pygls that ``server/protocol.py`` relies upon.

If one of these fails after an upgrade, read that file beside pygls's changes before
moving the pin in pyproject.toml.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcMethodNotFound
from pygls.lsp.server import LanguageServer
from pygls.protocol import JsonRPCProtocol, LanguageServerProtocol, default_converter, lsp_method


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        (JsonRPCProtocol._get_handler, ["self", "feature_name"]),
        (
            JsonRPCProtocol._execute_handler,
            ["self", "msg_id", "handler", "callback", "args", "kwargs"],
        ),
        (JsonRPCProtocol._send_data, ["self", "data"]),
        (JsonRPCProtocol._serialize_message, ["self", "data"]),
        (JsonRPCProtocol.get_result_type, ["self", "method"]),
        (JsonRPCProtocol.notify, ["self", "method", "params"]),
        (JsonRPCProtocol.send_request, ["self", "method", "params", "callback", "msg_id"]),
        (LanguageServerProtocol.lsp_initialize, ["self", "params"]),
        (LanguageServerProtocol.lsp_exit, ["self", "args"]),
        (LanguageServer.report_server_error, ["self", "error", "source"]),
        (LanguageServer._report_server_error, ["self", "error", "source"]),
    ],
)
def test_signatures(method: Callable[..., Any], parameters: list[str]) -> None:
    assert list(inspect.signature(method).parameters) == parameters


def test_state() -> None:
    protocol = LanguageServer("contract", "1").protocol
    assert protocol._request_futures == {}
    assert protocol._ctx_msg_id.get() is None
    assert protocol._converter is not None
    assert types.INITIALIZE in protocol.fm.builtin_features
    assert protocol.fm.features == {}
    with pytest.raises(JsonRpcMethodNotFound):
        protocol._get_handler("no/such")


def test_built_ins_are_generators_that_may_be_extended() -> None:
    assert inspect.isgeneratorfunction(LanguageServerProtocol.lsp_initialize)
    assert inspect.isgeneratorfunction(LanguageServerProtocol.lsp_exit)
    assert lsp_method("a/b")(lambda: None).method_name == "a/b"  # type: ignore[attr-defined]


def test_tables() -> None:
    response, params = types.METHOD_TO_TYPES["textDocument/hover"][1:3]
    assert params is types.HoverParams
    assert response is not None
    assert default_converter().structure({}, types.ClientCapabilities) is not None
    assert JsonRpcException("a", 1, {"b": 2}).data == {"b": 2}


def test_pygls_is_kept_from_logging_bodies() -> None:
    import shepherd_sidecar.server.protocol  # noqa: F401 - silences it

    for name in ("pygls", "pygls.protocol.json_rpc", "pygls.server", "pygls.feature_manager"):
        assert not logging.getLogger(name).isEnabledFor(logging.CRITICAL)
