"""The JSON-RPC face on stdio: framing, dispatch, sessions, subscriptions.

Layer: server. Thin: a handler is a few lines around an operation of engine.
"""
