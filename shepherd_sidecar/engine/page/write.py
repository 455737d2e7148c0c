"""The page itself: one file of HTML whose own policy forbids it everything but itself.

Layer: engine. Keeps: nothing that an agent reported is markup or script: all of it stands in JSON
blocks, in which no tag can end, and is shown as text; the page runs one script and one style, named
by their hashes, and can reach nothing else.
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any, Final

import orjson

from shepherd_sidecar import __version__
from shepherd_sidecar.engine.engine import Engine
from shepherd_sidecar.engine.page.collect import CHUNK, Collected, Progress, chunks, collect
from shepherd_sidecar.store.branches import Run

# In JSON these stand only inside strings, where an escape means the same.
_TAGS: Final = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))


def write(
    engine: Engine, run: Run, path: Path, say: Progress = lambda _what, _count: None
) -> Collected:
    """Write the page of a run; an existing file is replaced when all went well. Blocks.

    Raises:
        InvalidParams: the run has too many events.
        OSError: the file cannot be written.
    """
    collected = collect(engine, run, say)
    fd, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with open(fd, "wb") as file:
            for part in page(collected):
                file.write(part)
        os.chmod(name, 0o600)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return collected


def page(collected: Collected) -> Iterator[bytes]:
    """The page, part by part."""
    folder = resources.files(__package__)
    style = folder.joinpath("page.css").read_bytes()
    script = folder.joinpath("page.js").read_bytes()
    body = folder.joinpath("page.html").read_text("utf-8")
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    title = html.escape(str(collected.run["name"]))
    yield (
        "<!doctype html>\n"
        '<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="generator" content="shepherd-sidecar {__version__}">\n'
        f"<title>{title}</title>\n<style>"
    ).encode()
    yield style
    yield f"</style>\n</head>\n<body>\n{body}\n".encode()
    index = {
        "run": collected.run,
        "branches": collected.branches,
        "events": collected.events,
        "files": collected.files,
        "blobs": collected.blobs,
        "chunk": CHUNK,
        "leftOut": collected.left_out,
    }
    yield from _block("index", index)
    # The list shows before the rest of the file is read.
    yield b"<script>"
    yield script
    yield b"</script>\n"
    for number, part in enumerate(chunks(collected.payloads)):
        yield from _block(f"payloads-{number}", part)
    for number, text in enumerate(collected.contents):
        yield from _block(f"content-{number}", text)
    yield b"</body>\n</html>\n"


def _block(name: str, value: Any) -> Iterator[bytes]:
    yield f'<script type="application/json" id="{name}">'.encode()
    data = orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    for tag, escape in _TAGS:
        data = data.replace(tag, escape)
    yield data
    yield b"</script>\n"


def _hash(data: bytes) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(data).digest()).decode()}"
