#!/usr/bin/env python3
"""Measures `clipseek serve` under load: wrk sends GET /api/search over 64 connections to a server with many vectors.

    bench/serve_load.py --clipseek build/release/clipseek [--model DIR] [--vectors 100000] [--seconds 10] [--rounds 3]
                        [--requests 100000] [--pictures DIR]

Creates a database of random vectors of the model's dimension, serves it and measures in phases of --seconds each:

1. `search`: 400 queries in turn, whose texts the server has cached after the first time. The phase is repeated until
   --requests are answered, which shows whether the memory use stays constant.
2. `new words`: every query has words that are not in the cache, so that each text is encoded.
3. `search` and `while indexing` in turn, --rounds of each: how much an index run slows searching. It indexes copies of
   samples/, or --pictures.

Prints a line for each phase when it ends (JSON, on stderr), then a table of medians (Markdown, on stdout). Fails where
a request was not answered with status 200, or an index run ended before its phase. wrk runs on the same cores."""

import argparse
import json
import os
import random
import re
import shutil
import signal
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
COPIES = 12_000  # pictures to index where no folder is given: small ones, for more than a minute on two cores
WORDS = ("cat dog car tree house boat train flower mountain beach bird horse bridge snow city river cake guitar robot "
         "lamp").split()

# A Lua script for wrk. Each of wrk's threads begins at another place in the order of the queries.
SCRIPT = """
local words = {%s}
local depth, first = %d, %d
local threads = 0
function setup(thread)
  thread:set("begin", first + threads * (#words) ^ depth / 2)
  threads = threads + 1
end
function request()
  begin = begin + 1
  local n, query = begin, {}
  for place = 1, depth do
    query[place] = "a+" .. words[math.floor(n) %% #words + 1]
    n = n / #words
  end
  return wrk.format("GET", "/api/search?limit=20&q=" .. table.concat(query, "+and+"))
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %%d %%d %%d %%d %%d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
"""


def make_database(arguments, folder):
    """Creates a database with clipseek and fills it with random vectors."""
    subprocess.run([*arguments.command, "index", "--db", folder / "clip.db", *arguments.model_options, SAMPLES / "cat.png"],
                   check=True, capture_output=True)
    database = sqlite3.connect(folder / "clip.db")
    model, dimension = database.execute("SELECT id, dimension FROM ClipModels").fetchone()
    generator = random.Random(1)
    with database:
        database.execute("DELETE FROM ClipItems")
        for number in range(arguments.vectors):
            vector = memoryview(generator.randbytes(dimension)).cast("b").tolist()
            length = sum(value * value for value in vector) ** 0.5
            feature = struct.pack(f"<{dimension}f", *[value / length for value in vector])
            database.execute(
                "INSERT INTO ClipItems(url, model_id, timestamp, feature, content_hash, size, mtime_ns, width, height, name, "
                "type, text, extra) VALUES (?, ?, 0, ?, ?, 1000, 0, 640, 480, ?, 1, '', '')",
                (f"/pictures/{number % 100}/{number}.jpg", model, feature, f"{number:032x}", f"{number}.jpg"))
    database.close()


def make_pictures(folder):
    """Copies the JPEGs of samples/ and appends different bytes to each copy, so that the index run encodes all of them."""
    folder.mkdir()
    originals = [path.read_bytes() for path in sorted(SAMPLES.glob("*.jpg"))]
    for number in range(COPIES):
        (folder / f"{number}.jpg").write_bytes(originals[number % len(originals)] + str(number).encode())
    return folder


class Server:
    def __init__(self, arguments, folder, pictures):
        self.arguments = arguments
        self.script = folder / "queries.lua"
        self.queries = 0
        self.process = subprocess.Popen([*arguments.command, "serve", "--db", folder / "clip.db", "--port", "0", "--root",
                                         pictures, *arguments.model_options], stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().split(" at ")[1].split()[0]

    def api(self, path, method="GET", body=None):
        request = urllib.request.Request(self.url + "api/" + path, body, {"Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def memory(self):
        fields = Path(f"/proc/{self.process.pid}/statm").read_text(encoding="ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def phase(self, name, new_words=False):
        words = ", ".join(f'"{word}"' for word in WORDS)
        self.script.write_text(SCRIPT % (words, 4 if new_words else 2, self.queries if new_words else 0), encoding="ascii")
        began = self.processor_seconds()
        output = subprocess.run(["wrk", "-t2", f"-c{self.arguments.connections}", f"-d{self.arguments.seconds}s", "-s",
                                 self.script, self.url], check=True, capture_output=True, text=True).stdout
        requests, microseconds, median, p99, errors = map(int, re.search(r"RESULT (.*)", output).group(1).split())
        if new_words:
            self.queries += requests
        result = {"phase": name, "requests": requests, "per_second": round(requests / microseconds * 1e6, 1),
                  "p50_ms": median / 1000, "p99_ms": p99 / 1000, "errors": errors,
                  "cpu_ms": round((self.processor_seconds() - began) * 1000 / max(requests, 1), 3),
                  "memory_mb": round(self.memory(), 1)}
        print(json.dumps(result), file=sys.stderr, flush=True)
        if errors > 0 or requests == 0:
            sys.exit(f"{name}: {errors} of {requests} requests were not answered with 200")
        return result

    def phase_while_indexing(self):
        job = self.api("index", "POST", b"{}")["job"]["id"]
        while self.job(job)["state"] == "running" and self.job(job)["encoded"] == 0:
            time.sleep(0.05)
        result = self.phase("while indexing")
        now = self.job(job)
        if now["state"] != "running":
            sys.exit("the index run ended before the phase: name a larger folder with --pictures")
        result["indexed"] = now["encoded"] / now["seconds"]
        self.api(f"jobs/{job}", "DELETE")
        while self.job(job)["state"] == "running":
            time.sleep(0.05)
        return result

    def job(self, number):
        return self.api(f"jobs/{number}")["job"]

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def measure(arguments, server):
    server.phase("warm up")
    phases = []
    before = server.memory()
    phases.append(server.phase("search"))
    while sum(phase["requests"] for phase in phases) < arguments.requests:
        phases.append(server.phase("search"))
    memory = (sum(phase["requests"] for phase in phases), before, server.memory())
    phases += [server.phase("new words", new_words=True) for _ in range(arguments.rounds)]
    for _ in range(arguments.rounds):
        phases.append(server.phase("search"))
        phases.append(server.phase_while_indexing())
    return phases, memory


def processor():
    names = re.findall(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace"))
    return f"{len(os.sched_getaffinity(0))} cores of {names[0] if names else 'an unnamed processor'}"


def table(arguments, status, phases, memory):
    model = status["model"]
    rows = [f"{processor()}; {model['name']} in {model['precision']}, {arguments.vectors:,} vectors of {model['dimension']}; "
            f"{arguments.connections} connections; medians of phases of {arguments.seconds} s.", "",
            "| | requests per second | p50 | p99 | server's CPU time per request | errors |", "|---|---|---|---|---|---|"]
    names = {"search": "searching", "new words": "searching, all words new", "while indexing": "searching while it indexes"}
    middle = {}
    for phase, name in names.items():
        chosen = [one for one in phases if one["phase"] == phase]
        middle[phase] = {key: statistics.median(one[key] for one in chosen) for key in chosen[0] if key != "phase"}
        one = middle[phase]
        rows.append(f"| {name} | {one['per_second']:,.0f} | {one['p50_ms']:.1f} ms | {one['p99_ms']:.1f} ms | {one['cpu_ms']:.2f} ms | "
                    f"{sum(each['errors'] for each in chosen)} |")
    slower = 1 - middle["while indexing"]["per_second"] / middle["search"]["per_second"]
    rows += ["", f"Indexing {middle['while indexing']['indexed']:.0f} pictures a second slows searching by {100 * slower:.0f}%. "
             f"Memory: {memory[1]:.1f} MB before {memory[0]:,} searches, {memory[2]:.1f} MB after."]
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clipseek", required=True)
    parser.add_argument("--model")
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=int, default=10, help="duration of each phase")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--requests", type=int, default=0, help="minimum number of requests in the phases that measure memory")
    parser.add_argument("--pictures", help="folder to index instead of copies of samples/")
    arguments = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed")
    arguments.command = [os.path.abspath(arguments.clipseek)]
    arguments.model_options = ["--model", arguments.model] if arguments.model else []
    with tempfile.TemporaryDirectory(prefix="clipseek-load-") as name:
        folder = Path(name)
        make_database(arguments, folder)
        server = Server(arguments, folder, arguments.pictures or make_pictures(folder / "pictures"))
        try:
            phases, memory = measure(arguments, server)
            print(table(arguments, server.api("status"), phases, memory))
        finally:
            server.end()


if __name__ == "__main__":
    main()
