"""A run as one page of HTML: whole, harmless, without secrets, and usable by keyboard alone."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.cli.conftest import Cli, cli  # noqa: F401
from tests.support.browser import browser
from tests.support.traces import Traces, traces

HOSTILE = "</script><script>document.title='owned'</script><img src=//x.invalid onerror=alert(1)>"
SEEN_MS = 30_000
"""How long anything may take to be seen; the machine may be busy."""
TOKEN = "ghp_" + "a1B2" * 9


def fill(made: Traces, folder: Path) -> None:
    """A run of 12,000 events that was forked, with a secret in a file and names, and markup."""
    folder.mkdir()
    (folder / "app.py").write_text("one = 1\ntwo = 2\nthree = 3\n")
    for name in ("data.bin", f"{TOKEN}.bin"):
        (folder / name).write_bytes(b"\0" * 100)
    main = made.start(f"main {TOKEN} {HOSTILE}", folder)
    for part in range(12):
        events = ({"role": "user", "content": f"message {part}-{i}"} for i in range(1000))
        made.append(main, *events)
    messages = [{"role": "user", "content": "kept once " * 50}]
    made.call(main, {"model": "m-1", "messages": messages}, {"content": HOSTILE})
    made.call(main, {"model": "m-1", "messages": messages}, {"content": "fine"})
    (folder / "app.py").write_text(f"one = 1\ntoken = '{TOKEN}'\n{HOSTILE}\nthree = 3\n")
    made.snapshot(main)
    (other,) = made.fork(main, "other")
    made.append(other, {"role": "assistant", "content": "beside"})


class Parts(HTMLParser):
    """The elements of a page, and the text of those that hold raw text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._said: list[list[str]] = []
        self._inside = False
        self.feed(text)
        self.close()
        whole = [
            (tag, attributes, "".join(said))
            for (tag, attributes), said in zip(self.tags, self._said, strict=True)
        ]
        self.texts = {
            name: [said for tag, a, said in whole if tag == name and "type" not in a]
            for name in ("script", "style")
        }
        self.blocks: dict[str, Any] = {
            str(a["id"]): json.loads(said)
            for _, a, said in whole
            if a.get("type") == "application/json"
        }

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._said.append([])
        self._inside = True

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self._said[-1].append(data)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("page")
    with traces(base / ".shepherd") as made:
        fill(made, base / "project")
    return base / ".shepherd"


@pytest.fixture(scope="module")
def page(store: Path) -> Path:
    """The page, written by the program itself."""
    path = store.parent / "run.html"
    argv = [sys.executable, "-m", "shepherd_sidecar", "--store", str(store), "--json"]
    done = subprocess.run(
        [*argv, "export", "--html", "other", "-o", str(path)], capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    assert told["commits"] == 12_007
    assert told["bytes"] == path.stat().st_size
    assert path.stat().st_mode & 0o777 == 0o600
    return path


@pytest.fixture(scope="module")
def parts(page: Path) -> Parts:
    return Parts(page.read_text("utf-8"))


@pytest.mark.requirement("PAGE-01")
def test_the_page_can_reach_nothing_and_runs_nothing_but_itself(parts: Parts) -> None:
    [policy] = [a["content"] for _, a in parts.tags if "http-equiv" in a]
    assert policy is not None
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    for what in ("script", "style"):
        [text] = parts.texts[what]
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert rules[f"{what}-src"] == f"'sha256-{digest}'"
    for tag, attributes in parts.tags:
        assert not {"src", "href", "action", "style"} & attributes.keys(), tag
        assert not any(name.startswith("on") for name in attributes), tag
    assert not {"link", "iframe", "object", "img", "form"} & {tag for tag, _ in parts.tags}
    assert "http" not in parts.texts["script"][0]


@pytest.mark.requirement("PAGE-01")
def test_what_was_reported_stands_in_the_page_as_text(parts: Parts) -> None:
    index = parts.blocks["index"]
    assert index["run"]["name"].endswith(HOSTILE)
    assert index["run"]["workspace"] == "project", "its name, not where it stands"
    assert [len(branch["events"]) for branch in index["branches"]] == [12_006, 1]
    assert len(index["blobs"]) == 1, "what two calls share is there once"
    payloads = [
        one for name, part in parts.blocks.items() if name[:8] == "payloads" for one in part
    ]
    assert len(payloads) == len(index["events"])
    assert sum(tag == "script" for tag, _ in parts.tags) == 1 + len(parts.blocks)


@pytest.mark.requirement("PAGE-01")
def test_no_secret_is_in_it_also_none_of_a_file_or_a_name(page: Path, store: Path) -> None:
    text = page.read_text("utf-8")
    assert TOKEN not in text
    assert "[redacted:github]" in text
    assert str(store.parent) not in text


@pytest.fixture
def opened(page: Path) -> Iterator[Any]:
    """The page in a browser, and what it did that it should not."""
    with browser() as running:
        shown = running.new_page()
        said: list[str] = []
        asked: list[str] = []
        shown.on("console", lambda message: said.append(message.text))
        shown.on("pageerror", lambda error: said.append(str(error)))
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("dialog", lambda dialog: said.append(dialog.message))
        shown.goto(page.as_uri())
        shows(shown.locator("#what"), re.compile("^run_start"))  # the whole file has been read
        yield shown
        assert said == []
        assert asked == [page.as_uri()]


def shows(where: Any, text: str | re.Pattern[str]) -> None:
    """Wait until an element's text has this in it: a browser does what is asked in its own time."""
    expect(where).to_contain_text(text, timeout=SEEN_MS)


def reads(where: Any, text: str) -> None:
    """Wait until an element's text is just this, to the last space."""
    expect(where).to_have_js_property("textContent", text, timeout=SEEN_MS)


@pytest.mark.requirement("PAGE-02")
def test_the_page_is_used_by_keyboard_alone(opened: Any) -> None:
    keys, at = opened.keyboard, opened.locator
    what, count = at("#what"), at("#count")
    expect(opened).to_have_title(re.compile(f"{re.escape(HOSTILE)}$"), timeout=SEEN_MS)
    shows(count, "12006 of 12006")
    shows(what, re.compile("^run_start"))
    assert 0 < at(".row").count() < 100, "only what can be seen is there"
    keys.press("End")
    shows(what, "1 path changed app.py")
    selected = at('.row[aria-selected="true"]')
    expect(selected).to_have_attribute("aria-posinset", "12006", timeout=SEEN_MS)
    name = selected.get_attribute("id")
    expect(at("#events")).to_have_attribute("aria-activedescendant", name, timeout=SEEN_MS)
    keys.press("ArrowUp")
    reads(what, "model_result: fine")
    keys.press("Enter")
    keys.press("Tab")
    expect(at("#links button")).to_be_focused(timeout=SEEN_MS)
    keys.press("Enter")
    shows(what, re.compile("^model_call"))
    shows(at("#payload"), "kept once kept once")
    keys.press("/")
    expect(at("#find")).to_be_focused(timeout=SEEN_MS)
    keys.type("message 7-99")
    shows(count, "11 of 12006")
    keys.press("Escape")
    expect(at("#events")).to_be_focused(timeout=SEEN_MS)
    keys.press("ArrowDown")
    shows(what, re.compile(r"message 7-99\d"))
    assert opened.input_value("#find") == "message 7-99", "what filters the list stands there"
    opened.fill("#find", "")
    shows(count, "12006 of 12006")
    opened.select_option("#branch", label="other (live)")
    shows(count, "12007 of 12007")
    keys.press("Escape")
    expect(at("#events")).to_be_focused(timeout=SEEN_MS)
    keys.press("End")
    reads(what, "message: assistant: beside")


@pytest.mark.requirement("PAGE-02")
def test_files_are_shown_as_they_then_were(opened: Any) -> None:
    at = opened.locator
    opened.keyboard.press("Home")
    shows(at("#what"), re.compile("^run_start"))
    opened.click("#world summary")
    shows(at("#files"), "data.bin (not in this page)")
    opened.click("#files button")
    reads(at("#content"), "one = 1\ntwo = 2\nthree = 3\n")
    opened.keyboard.press("Escape")
    expect(at("#events")).to_be_focused(timeout=SEEN_MS)
    opened.keyboard.press("End")
    shows(at("#what"), "1 path changed app.py")
    opened.click("#changes button")
    reads(at("#content mark"), f"token = '[redacted:github]'\n{HOSTILE}")
    assert at("#content img").count() == 0


@pytest.mark.requirement("PAGE-01")
def test_bad_questions(cli: Cli, store: Path, tmp_path: Path) -> None:  # noqa: F811
    for argv in (
        ("export", "--html", "other"),
        ("export", "x.shepherd", "-o", "y.html"),
        ("export", "x", "--html", "other", "-o", "y.html"),
        ("export",),
    ):
        assert cli(*argv, store=store).code == 2, argv
    missing = str(tmp_path / "no" / "run.html")
    refused = cli("export", "--html", "other", "-o", missing, store=store)
    assert (refused.code, "No such file" in refused.err) == (1, True)
    assert cli("export", "--html", "nobody", "-o", missing, store=store).code == 1
    assert not list(tmp_path.iterdir()), "nothing half-done"
