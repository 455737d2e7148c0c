"""Every worked example of objects.md: the page's bytes, hashed, and made again by our code."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import NamedTuple

import orjson
import pytest
from blake3 import blake3

from shepherd_sidecar.store import reflog
from shepherd_sidecar.trace import canonical
from shepherd_sidecar.trace.commits import commit_bytes, parse_commit
from shepherd_sidecar.trace.events import event_bytes, parse_event
from shepherd_sidecar.trace.ids import CONTEXTS, object_id
from shepherd_sidecar.trace.trees import parse_tree, tree_bytes
from tests.protocol.schema import PAGES
from tests.support.lacking import needed

PAGE = (PAGES / "objects.md").read_text("utf-8")
EXAMPLE = re.compile(
    r"```console\n"
    r"\$ (?P<printf>printf .+) \| b3sum --no-names --derive-key \"(?P<context>[^\"]+)\"\n"
    r"(?P<id>[0-9a-f]{64})\n```"
)


class Example(NamedTuple):
    kind: str
    command: str
    data: bytes
    id: str


def examples() -> list[Example]:
    """The examples of the page, their bytes made by the shell that a reader would use."""
    found = []
    for match in EXAMPLE.finditer(PAGE):
        made = subprocess.run(["sh", "-c", match["printf"]], capture_output=True, check=True)
        kind = match["context"].removeprefix("shepherd-sidecar 1 ")
        found.append(Example(kind, match[0].split("\n")[1][2:], made.stdout, match["id"]))
    return found


EXAMPLES = examples()
every = pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.kind}-{e.id[:8]}")


def test_every_console_block_is_an_example_and_every_kind_has_one() -> None:
    assert len(EXAMPLES) == PAGE.count("```console")
    assert {example.kind for example in EXAMPLES} == set(CONTEXTS)


@pytest.mark.requirement("OBJECT-01")
@every
def test_the_bytes_hash_to_the_id(example: Example) -> None:
    context = f"shepherd-sidecar 1 {example.kind}"
    assert blake3(example.data, derive_key_context=context).hexdigest() == example.id
    assert object_id(example.kind, example.data) == example.id  # type: ignore[arg-type]


@pytest.mark.requirement("OBJECT-01")
@every
def test_our_code_writes_the_same_bytes(example: Example) -> None:
    data = example.data
    if example.kind == "tree":
        assert tree_bytes(parse_tree(data)) == data
    elif example.kind == "event":
        assert event_bytes(parse_event(data)) == data
    elif example.kind == "commit":
        commit = parse_commit(data)
        assert commit_bytes(commit.parents, commit.event, commit.tree) == data
        assert commit.id == example.id
    elif example.kind == "reflog":
        row = orjson.loads(data)
        assert canonical.encode(row) == data
        assert row["action"] in reflog.ACTIONS
        chain = reflog.link(
            bytes.fromhex(row["previous"]),
            row["action"],
            bytes.fromhex(row["commit"]),
            row["at"],
            row["author"],
            row.get("clientId"),
            reflog.usage_text(row.get("usage")),
        )
        assert chain.hex() == example.id
    elif example.kind == "memo":
        assert canonical.encode(orjson.loads(data)) == data


def test_the_examples_refer_to_each_other() -> None:
    """Every id inside an example is the id of another, so a reader can follow the whole chain."""
    known = {example.id for example in EXAMPLES} | {"0" * 64}
    for example in EXAMPLES:
        for name in re.findall(rb"[0-9a-f]{64}", example.data):
            assert name.decode() in known, example.command


def test_the_page_lists_every_action_of_the_reflog() -> None:
    for action in reflog.ACTIONS:
        assert f"`{action}`" in PAGE, action


def test_the_commands_as_they_stand_print_the_ids() -> None:
    needed("b3sum")
    for example in EXAMPLES:
        done = subprocess.run(["sh", "-c", example.command], capture_output=True, check=True)
        assert done.stdout.decode().strip() == example.id, example.command
