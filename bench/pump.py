"""The pump against stock pygls: serial and pipelined echo, same machine, same run.

    python bench/pump.py [--rounds N]

Both servers answer ``echo`` of a ~1 KB payload over raw pipes with Content-Length framing,
under the same load generator. Prints requests per second and the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAYLOAD = {"kind": "tool_call", "payload": {"text": "x" * 900, "n": 1, "list": [1, 2, 3]}}

STOCK = """
from pygls.lsp.server import LanguageServer
server = LanguageServer("stock", "1")
@server.feature("echo/now")
def echo(params):
    return {"payload": params.payload}
server.start_io()
"""
OURS = {
    "ours": "from tests.server.echo_server import main; main()",
}


def body(number: int, method: str) -> bytes:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": {"payload": PAYLOAD}}
    data = json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(data), data)


class Server:
    def __init__(self, program: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.buffer = b""

    def send(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self.process.stdin.fileno(), view) :]

    def receive(self) -> int:
        """Read one reply; returns its length."""
        while True:
            end = self.buffer.find(b"\r\n\r\n")
            if end >= 0:
                at = self.buffer.find(b"Content-Length: ")
                length = int(self.buffer[at + 16 : self.buffer.find(b"\r\n", at)])
                if len(self.buffer) >= end + 4 + length:
                    self.buffer = self.buffer[end + 4 + length :]
                    return length
            self.buffer += os.read(self.process.stdout.fileno(), 1 << 18)

    def receive_count(self, count: int) -> None:
        """Read ``count`` replies, counting markers instead of parsing."""
        seen, tail = self.buffer.count(b'"jsonrpc"'), self.buffer[-8:]
        while seen < count:
            data = os.read(self.process.stdout.fileno(), 1 << 18)
            seen += (tail + data).count(b'"jsonrpc"')
            tail = (tail + data)[-8:]
        self.buffer = b""

    def close(self) -> None:
        self.process.kill()
        self.process.wait()


def serial(server: Server, count: int, method: str) -> tuple[float, float]:
    times = []
    start = time.perf_counter()
    for number in range(count):
        began = time.perf_counter()
        server.send(body(number, method))
        server.receive()
        times.append(time.perf_counter() - began)
    return count / (time.perf_counter() - start), statistics.median(times)


def pipelined(server: Server, count: int, method: str) -> float:
    data = b"".join(body(number, method) for number in range(count))
    start = time.perf_counter()
    feeder = threading.Thread(target=server.send, args=(data,))
    feeder.start()
    server.receive_count(count)
    took = time.perf_counter() - start
    feeder.join()
    time.sleep(0.1)  # let the last bytes of the last reply arrive before the next round
    os.set_blocking(server.process.stdout.fileno(), False)
    try:
        while os.read(server.process.stdout.fileno(), 1 << 18):
            pass
    except BlockingIOError:
        os.set_blocking(server.process.stdout.fileno(), True)
    return count / took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    kinds = {
        "stock": (STOCK, "echo/now"),
        "ours, sync": (OURS["ours"], "echo/now"),
        "ours, thread": (OURS["ours"], "echo/thread"),
        "ours, async": (OURS["ours"], "echo/async"),
    }
    best: dict[str, list[float]] = {name: [0.0, 0.0, 1.0] for name in kinds}
    for _ in range(options.rounds):
        for name, (program, method) in kinds.items():
            server = Server(program)
            try:
                serial(server, 200, method)
                rate, p50 = serial(server, 3000, method)
                piped = pipelined(server, 5000 if name == "stock" else 40000, method)
            finally:
                server.close()
            best[name] = [
                max(best[name][0], rate),
                max(best[name][1], piped),
                min(best[name][2], p50),
            ]
    base = best["stock"]
    print(
        f"{'server':14} {'serial/s':>10} {'p50 µs':>8} {'x stock':>7}"
        f" {'pipelined/s':>12} {'x stock':>7}"
    )
    for name, (rate, piped, p50) in best.items():
        print(
            f"{name:14} {rate:10.0f} {p50 * 1e6:8.0f} {rate / base[0]:7.1f}"
            f" {piped:12.0f} {piped / base[1]:7.1f}"
        )


if __name__ == "__main__":
    main()
