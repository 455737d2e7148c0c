"""A sidecar of a few lines for unit tests: answers by method name."""

import json
import sys

HASH = "a" * 64
seen = []


def send(message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)


def propose(params):
    name = params["payload"]["name"]
    if name == "held":
        return None
    verdicts = {
        "rm": {"decision": "deny", "by": "rule:no-rm", "reason": "too dangerous"},
        "curl": {
            "decision": "override",
            "by": "rule:safe",
            "payload": {"name": name, "arguments": {"url": "safe"}},
        },
        "told": {
            "decision": "allow",
            "by": "default",
            "injected": [{"message": "hi", "by": "me", "commit": HASH}],
        },
    }
    return {"commit": HASH, "verdict": verdicts.get(name, {"decision": "allow", "by": "default"})}


def push(subscription, *commits):
    entries = [{"commit": commit} for commit in commits]
    params = {"subscription": subscription, "entries": entries, "cursor": commits[-1]}
    send({"method": "trace/didCommit", "params": params})


for line in sys.stdin:
    message = json.loads(line)
    method, params, id_ = message.get("method"), message.get("params"), message.get("id")
    seen.append(message)
    if method is None or id_ is None:
        continue
    if method == "test/die":
        print("the disk is on fire", file=sys.stderr, flush=True)
        sys.exit(3)
    elif method == "test/seen":
        result = seen
    elif method == "test/ask":
        send({"id": "s-1", "method": "supervisor/decide", "params": {}})
        result = {}
    elif method == "run/start":
        result = {"run": "r1", "branch": params["name"], "head": HASH}
    elif method == "trace/append":
        result = {"commits": [HASH], "head": HASH}
    elif method == "intent/propose":
        result = propose(params)
    elif method == "intent/resolve":
        result = {"commit": HASH}
    elif method == "trace/subscribe":
        push("s", "1")
        push("other", "9")
        send({"id": id_, "result": {"subscription": "s", "cursor": "0"}})
        push("s", "2", "3")
        continue
    elif method == "trace/unsubscribe":
        result = {}
    else:
        data = {"name": "UnknownBranch", "hint": "look", "extra": 1}
        send({"id": id_, "error": {"code": -32002, "message": "no such branch", "data": data}})
        continue
    if result is not None:
        send({"id": id_, "result": result})
