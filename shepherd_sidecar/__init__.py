"""shepherd-sidecar: a durable, forkable, replayable trace of a running agent, over stdio."""

__version__ = "0.1.0"
PROTOCOL_VERSION = 1
