#!/usr/bin/env python3
"""Load on `clipseek serve`: wrk with 64 connections on GET /api/search over many vectors.

    bench/serve_load.py --clipseek build/release/clipseek [--model DIR] [--vectors 100000] [--seconds 10]
                        [--requests 100000] [--pictures DIR]

Makes a database of random vectors of the model's dimension, serves it, and prints one JSON object a run: requests a
second, latencies, errors (answers that were no 200, timeouts), processor time for each request, and the server's
memory before and after. --requests repeats runs until so
many are answered. With --pictures a last run goes on while that folder is indexed. Needs wrk."""

import argparse
import json
import math
import os
import random
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

WORDS = ("cat dog car tree house boat train flower mountain beach bird horse bridge snow city river cake guitar robot "
         "lamp").split()

# wrk's own language: each request asks for other words, so that no two in a row are alike.
SCRIPT = """
local words = {%s}
local n = 0
request = function()
  n = n + 1
  local a, b = words[n %% #words + 1], words[math.floor(n / #words) %% #words + 1]
  return wrk.format("GET", "/api/search?limit=20&q=a+" .. a .. "+and+a+" .. b)
end
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def make_database(arguments, folder, samples):
    """A database that clipseek made, filled with random vectors."""
    subprocess.run([*arguments.command, "index", "--db", folder / "clip.db", *arguments.model_options, samples], check=True,
                   capture_output=True)
    database = sqlite3.connect(folder / "clip.db")
    model, dimension = database.execute("SELECT id, dimension FROM ClipModels").fetchone()
    generator = random.Random(1)
    with database:
        database.execute("DELETE FROM ClipItems")
        for number in range(arguments.vectors):
            vector = [generator.gauss(0, 1) for _ in range(dimension)]
            length = math.sqrt(sum(value * value for value in vector))
            feature = struct.pack(f"<{dimension}f", *(value / length for value in vector))
            database.execute(
                "INSERT INTO ClipItems(url, model_id, timestamp, feature, content_hash, size, mtime_ns, width, height, name, "
                "type, text, extra) VALUES (?, ?, 0, ?, ?, 1000, 0, 640, 480, ?, 1, '', '')",
                (f"/pictures/{number % 100}/{number}.jpg", model, feature, f"{number:032x}", f"{number}.jpg"))
    database.close()


def resident(process):
    fields = Path(f"/proc/{process.pid}/statm").read_text(encoding="ascii").split()
    return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")


def processor_seconds(process):
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run_wrk(arguments, url, script, process, name):
    before = resident(process)
    began = processor_seconds(process)
    output = subprocess.run(["wrk", "-t2", f"-c{arguments.connections}", f"-d{arguments.seconds}s", "-s", script, url],
                            check=True, capture_output=True, text=True).stdout
    requests, microseconds, median, p99, errors = map(int, re.search(r"RESULT (.*)", output).group(1).split())
    result = {"run": name, "vectors": arguments.vectors, "connections": arguments.connections, "requests": requests,
              "requests_per_s": round(requests / microseconds * 1e6, 1), "p50_ms": median / 1000, "p99_ms": p99 / 1000,
              "errors": errors, "cpu_ms_per_request": round((processor_seconds(process) - began) * 1000 / max(requests, 1), 3),
              "memory_before_mb": before >> 20, "memory_after_mb": resident(process) >> 20}
    print(json.dumps(result), flush=True)
    return result


def measure(arguments, folder):
    samples = Path(__file__).resolve().parent.parent / "samples"
    make_database(arguments, folder, samples / "cat.png")
    script = folder / "queries.lua"
    script.write_text(SCRIPT % ", ".join(f'"{word}"' for word in WORDS), encoding="ascii")
    roots = ["--root", arguments.pictures] if arguments.pictures else []
    process = subprocess.Popen([*arguments.command, "serve", "--db", folder / "clip.db", "--port", "0", *roots,
                                *arguments.model_options], stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().split(" at ")[1].split()[0]
        run_wrk(arguments, url, script, process, "warm up")
        answered = 0
        quiet = run_wrk(arguments, url, script, process, "search")
        answered += quiet["requests"]
        while answered < arguments.requests:
            answered += run_wrk(arguments, url, script, process, "search")["requests"]
        if arguments.pictures:
            request = urllib.request.Request(url + "api/index", b"{}", {"Content-Type": "application/json"})
            urllib.request.urlopen(request).close()
            busy = run_wrk(arguments, url, script, process, "search while indexing")
            print(json.dumps({"slowed_by": round(1 - busy["requests_per_s"] / quiet["requests_per_s"], 3)}))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clipseek", required=True)
    parser.add_argument("--model")
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=10, help="of each run")
    parser.add_argument("--requests", type=int, default=0, help="in all, at least")
    parser.add_argument("--pictures", help="a folder to index during the last run")
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed")
    arguments.command = [os.path.abspath(arguments.clipseek)]
    arguments.model_options = ["--model", arguments.model] if arguments.model else []
    with tempfile.TemporaryDirectory(prefix="clipseek-load-") as folder:
        measure(arguments, Path(folder))


if __name__ == "__main__":
    main()
