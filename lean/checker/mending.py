"""The packaged `lean.js`, mended so that one process checks many files, and fast.

As it comes a check takes 100 seconds, whatever is checked: it looks for each symbol in a list of
200,000 names; a thread that reads a file waits a millisecond for the main one to do it, ten
thousand times; and the process ends after one file. The mended text calls `shepherd`, which
serving.cjs defines.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Final

_RUN: Final = "_ZN4lean14run_shell_mainEiPPcRKNS_10object_refE"

_MENDED: Final = (
    # It sees the folders /home and /tmp only.
    (
        'FS.mount(NODEFS,{root:"/home"},"/home");FS.mount(NODEFS,{root:"/tmp"},"/tmp");',
        "shepherd.mount(FS,NODEFS);",
    ),
    # A map in place of the list.
    (
        "Object.keys(lib.exports).indexOf(symbol)",
        "((lib.places??=new Map(Object.keys(lib.exports).map((name,at)=>[name,at])))"
        ".get(symbol)??-1)",
    ),
    # Four more threads cost a start two seconds each, and most have nothing to do.
    ("var pthreadPoolSize=4;", "var pthreadPoolSize=1;"),
    # Each thread has a file system of its own.
    (
        "if(ENVIRONMENT_IS_PTHREAD)return startWorker();",
        "if(ENVIRONMENT_IS_PTHREAD){FS.init();TTY.init();shepherd.mount(FS,NODEFS);"
        "FS.chdir(process.cwd());return startWorker()}",
    ),
    # Where the options stand that the command line gave.
    (
        'console.log("[DEBUG:G] shell_opts.to_obj_arg() returned: "+$0)',
        "shepherd.options($0)",
    ),
    # File after file, with the same options, in place of one.
    (
        "if(!noInitialRun)callMain(args);",
        "const called=f=>{noExitRuntime=true;const at=stackSave();"
        "try{return f()}finally{stackRestore(at)}};"
        "shepherd.serve({first:args=>called(()=>callMain(args)),"
        "again:(options,file)=>called(()=>{const argv=stackAlloc(8),held=stackAlloc(4);"
        "(growMemViews(),HEAPU32)[argv>>2]=stringToUTF8OnStack(file);"
        "(growMemViews(),HEAPU32)[(argv>>2)+1]=0;(growMemViews(),HEAPU32)[held>>2]=options;"
        f'wasmExports["{_RUN}"](1,argv,held)}}),'
        'keep:options=>wasmExports["lean_mark_persistent"](options),'
        'flush:()=>wasmExports["fflush"](0),bytes:()=>wasmMemory.buffer.byteLength});',
    ),
)
_OWN_FILES: Final = (
    *("chdir", "dup", "dup3", "faccessat", "fcntl64", "fstat64", "ftruncate64", "getcwd"),
    *("getdents64", "lstat64", "mkdirat", "newfstatat", "openat", "readlinkat", "renameat"),
    *("rmdir", "stat64", "unlinkat", "utimensat"),
)
"""System calls that a thread makes by itself, on its own file system."""
_OWN_STREAMS: Final = ("close", "fdstat_get", "pread", "pwrite", "read", "seek", "sync", "write")
"""The same of what is open; but what goes to the terminal stays with the main thread."""
_REMOTE: Final = re.compile(
    r"function (?:___syscall_(?P<call>\w+)|_fd_(?P<stream>\w+)|__(?P<map>mmap|msync|munmap)_js)"
    r"\([^)]*\)\{if\((?P<there>ENVIRONMENT_IS_PTHREAD)\)return proxyToMainThread\("
)


def mended(folder: Path) -> Path:
    """The mended program, beside the one in ``folder``; made when it is not there.

    Raises:
        OSError: it cannot be written.
        ValueError: the program is not the one that is known.
    """
    rules = "\n".join([*map(repr, _MENDED), *_OWN_FILES, *_OWN_STREAMS, _REMOTE.pattern])
    made = folder / f"lean-{hashlib.sha256(rules.encode()).hexdigest()[:16]}.js"
    if not made.is_file():
        text = mend((folder / "lean.js").read_text("utf-8"))
        with tempfile.NamedTemporaryFile("w", dir=folder, encoding="utf-8", delete=False) as fresh:
            fresh.write(text)
        os.replace(fresh.name, made)
    return made


def mend(text: str) -> str:
    """The text with every rule used exactly once."""
    for was, becomes in _MENDED:
        if text.count(was) != 1:
            raise ValueError(f"not the lean.js that is known: {text.count(was)} times {was}")
        text = text.replace(was, becomes)
    left = {*_OWN_FILES, *_OWN_STREAMS, "mmap", "msync", "munmap"}

    def own(found: re.Match[str]) -> str:
        call, stream = found["call"], found["stream"]
        if call is not None and call not in _OWN_FILES:
            return found[0]
        if stream is not None and stream not in _OWN_STREAMS:
            return found[0]
        left.discard(call or stream or found["map"])
        when = "ENVIRONMENT_IS_PTHREAD&&(!FS.initialized"
        when += "||fd<3)" if stream is not None else ")"
        at = found.start("there") - found.start()
        return found[0][:at] + when + found[0][at + len(found["there"]) :]

    text = _REMOTE.sub(own, text)
    if left:
        raise ValueError(f"not the lean.js that is known: it has no {', '.join(sorted(left))}")
    return text
