"""Events, commits and trees as bytes, and their ids."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from blake3 import blake3
from hypothesis import given
from hypothesis import strategies as st

from shepherd_sidecar.trace.commits import Commit, commit_bytes, parse_commit
from shepherd_sidecar.trace.events import (
    EFFECTS,
    KINDS,
    Event,
    blob_refs,
    event_bytes,
    parse_event,
)
from shepherd_sidecar.trace.ids import CONTEXTS, digest, hasher, is_id, object_id
from shepherd_sidecar.trace.trees import (
    EMPTY_TREE,
    BadTree,
    Dir,
    File,
    Link,
    Tree,
    check_name,
    parse_tree,
    split_path,
    tree_bytes,
    tree_id,
)
from tests.trace.values import PAYLOADS

IDS = st.binary(min_size=32, max_size=32).map(bytes.hex)
EVENTS = st.builds(
    Event,
    kind=st.sampled_from(KINDS),
    payload=PAYLOADS,
    effect=st.sampled_from(EFFECTS),
    intent=st.none() | IDS,
)
COMMITS = st.builds(
    Commit,
    parents=st.lists(IDS, max_size=2).map(tuple),
    event=IDS,
    tree=st.none() | IDS,
)


def is_name(name: bytes) -> bool:
    return name not in (b"", b".", b"..") and not set(name) & set(b"/\0")


NAMES = st.binary(min_size=1, max_size=6).filter(is_name)
MODES = st.integers(0, 0o7777)
ENTRIES = (
    st.builds(File, mode=MODES, size=st.integers(0, 2**53), blob=IDS)
    | st.builds(Dir, mode=MODES, tree=IDS)
    | st.builds(Link, target=st.binary(max_size=8).filter(lambda target: b"\0" not in target))
)
TREES = st.dictionaries(NAMES, ENTRIES, max_size=4)


@pytest.mark.requirement("OBJECT-01")
@given(EVENTS)
def test_an_event_is_the_canonical_json_of_its_members(event: Event) -> None:
    value: dict[str, Any] = {"kind": event.kind, "payload": event.payload, "effect": event.effect}
    if event.intent is not None:
        value["intent"] = event.intent
    data = event_bytes(event)
    assert data == rfc8785.dumps(value)
    assert event_bytes(parse_event(data)) == data
    assert parse_event(data).id == event.id == blake3_of("event", data)


@pytest.mark.requirement("OBJECT-01")
@given(COMMITS)
def test_a_commit_is_the_canonical_json_of_its_members(commit: Commit) -> None:
    value: dict[str, Any] = {"parents": list(commit.parents), "event": commit.event}
    if commit.tree is not None:
        value["tree"] = commit.tree
    data = commit_bytes(commit.parents, commit.event, commit.tree)
    assert data == rfc8785.dumps(value)
    assert parse_commit(data) == commit
    assert commit.id == blake3_of("commit", data)


@pytest.mark.requirement("OBJECT-04", "OBJECT-05")
@given(TREES)
def test_a_tree_reads_back(tree: Tree) -> None:
    data = tree_bytes(tree)
    assert parse_tree(data) == tree
    assert tree_bytes(dict(reversed(tree.items()))) == data
    assert tree_id(tree) == blake3_of("tree", data)


@pytest.mark.requirement("OBJECT-04")
@given(TREES, st.data())
def test_bytes_of_a_tree_have_one_reading(tree: Tree, data: st.DataObject) -> None:
    """Whatever is done to valid bytes: they are refused, or are what their tree encodes to."""
    written = tree_bytes(tree)
    at = data.draw(st.integers(0, len(written)))
    taken = data.draw(st.integers(0, 3))
    put = data.draw(st.binary(max_size=3) | st.sampled_from([b"0", b" ", b"\0", b"f ", b"_", b"+"]))
    changed = written[:at] + put + written[at + taken :]
    try:
        read = parse_tree(changed)
    except BadTree:
        return
    assert tree_bytes(read) == changed
    assert (read == tree) is (changed == written)


BLOB = b"0" * 64


@pytest.mark.requirement("OBJECT-04")
@pytest.mark.parametrize(
    "data",
    [
        b"f 644 1 %b a" % BLOB,
        b"f 0644 1 %b a\0" % BLOB,
        b"f 0o644 1 %b a\0" % BLOB,
        b"f 6_4 1 %b a\0" % BLOB,
        b"f 10000 1 %b a\0" % BLOB,
        b"f 8 1 %b a\0" % BLOB,
        b"f 644 01 %b a\0" % BLOB,
        b"f 644 -1 %b a\0" % BLOB,
        b"f 644 %b %b a\0" % (b"9" * 5000, BLOB),
        b"f 644 1 %b a\0" % BLOB.replace(b"0", b"A"),
        b"f 644 1 %b\0" % BLOB,
        b"f 644 1 %b \0" % BLOB,
        b"f 644 1 %b ..\0" % BLOB,
        b"f 644 1 %b a/b\0" % BLOB,
        b"d 755 %b .\0" % BLOB,
        b"l a\0b",
        b"l a",
        b"x a\0",
        b"l b\0x\0l a\0x\0",
        b"l a\0x\0l a\0x\0",
        b"\0",
    ],
)
def test_bytes_that_no_tree_has_are_refused(data: bytes) -> None:
    with pytest.raises(BadTree):
        parse_tree(data)


def test_what_no_folder_holds_is_no_tree() -> None:
    for name in (b"", b".", b"..", b"a/b", b"a\0"):
        with pytest.raises(BadTree):
            check_name(name)
        with pytest.raises(BadTree):
            tree_bytes({name: Link(b"x")})
    with pytest.raises(BadTree):
        tree_bytes({b"a": Link(b"x\0")})
    with pytest.raises(BadTree):
        split_path(b"a/../b")
    assert split_path(b"/a//./b/") == [b"a", b"b"]


def blake3_of(kind: str, data: bytes) -> str:
    return blake3(data, derive_key_context=f"shepherd-sidecar 1 {kind}").hexdigest()


KNOWN = {  # computed with b3sum; they stand in protocol/objects.md as well
    ("blob", b"hello\n"): "de1d22303a22f2217044e47d98de5fbe30f3e52e401e4495d264d06d3a33cd81",
    ("blob", b""): "6c50e3aa262c83062047ffec25e557f410dd4ba0a403fdc9a18e4790da7121e7",
    ("tree", b""): "f128144c6e04877133a06c8f0b9db020507ac6675be0cb69f939fb8918df4dfb",
}


@pytest.mark.requirement("OBJECT-01")
@pytest.mark.parametrize(("kind", "data"), KNOWN)
def test_known_ids_hold(kind: Any, data: bytes) -> None:
    name = KNOWN[kind, data]
    assert object_id(kind, data) == digest(kind, data).hex() == name == blake3_of(kind, data)


def test_the_examples_of_the_protocol_hold() -> None:
    hello = "de1d22303a22f2217044e47d98de5fbe30f3e52e401e4495d264d06d3a33cd81"
    docs: Tree = {b"hello.txt": File(0o644, 6, hello)}
    empty = KNOWN["blob", b""]
    root: Tree = {
        b"run.sh": File(0o755, 0, empty),
        b"latest": Link(b"docs/hello.txt"),
        b"docs": Dir(0o755, tree_id(docs)),
    }
    assert tree_id(docs) == "b42ac4fe9940543019c5c4e9e1ad50c0cc7d92331c2565b83146ddf6f037ec15"
    assert tree_id(root) == "3f84e6ec3003e84e8dc3b0779fb26f571d5426b7357ce1ce617bb4f3037773bd"
    said = Event("message", {"role": "user", "content": "hi"}, "pure")
    assert said.id == "12a09a71bd9a0b4cc179d94ce55c6aa9592aeda50f0ffa0add4ab4db1ea01222"
    assert tree_id({}) == EMPTY_TREE


@given(st.binary(max_size=50))
def test_kinds_of_objects_are_kept_apart(data: bytes) -> None:
    assert len({digest(kind, data) for kind in ("blob", "tree", "event", "commit")}) == 4
    parts = hasher("blob")
    parts.update(data)
    assert parts.digest() == digest("blob", data)
    assert set(CONTEXTS.values()) == {f"shepherd-sidecar 1 {kind}" for kind in CONTEXTS}


@pytest.mark.requirement("SHAPE-07")
def test_an_id_has_one_spelling() -> None:
    good = "0123456789abcdef" * 4
    assert is_id(good)
    for bad in (good.upper(), good[:-1], good + "0", good[:-1] + "g", good + "\n", 5, None):
        assert not is_id(bad)


@given(PAYLOADS, st.lists(IDS, max_size=4))
def test_blob_references_are_found_in_order(payload: dict[str, Any], ids: list[str]) -> None:
    before = list(blob_refs(payload))
    value = [payload, [{"x": {"$blob": name}} for name in ids], {"$blob": "no"}, {"$blob": 1}]
    assert list(blob_refs(value)) == before + ids
