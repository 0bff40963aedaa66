#!/usr/bin/env python3
"""Runs the nodes in mode 2 for half an hour with a camera of 1920 x 1080 at 10 Hz, queries, and a killed manager.

    bench/robot_day.py --build build/release [--minutes 30] [--rate 10] [--udp]

Starts clip_publish_pictures (the pictures of samples/, in shared memory; with --udp as sensor_msgs/Image), the encoder
nodes and clip_manage in a ROS domain of its own on the loopback interface. Each second a query is sent. In the middle,
clip_manage is killed with SIGKILL and started again. Prints JSON: the keyframes stored; the median, the 95th percentile
and the maximum of the queries' times in ms; the resident memory of each node at the beginning (after a minute), the
middle and the end; and the keyframes that were logged before the kill and are not in the database. Fails if a query
failed or a logged keyframe is missing."""

import argparse
import json
import os
import re
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
QUERIES = ["a dog", "a cat on a sofa", "two red hearts", "a rocket", "an empty corridor", "a cup of coffee"]


class Node:
    def __init__(self, run, program, *parameters, level="warn"):
        self.log = run.folder / f"{program}_{time.monotonic_ns()}.log"
        words = [word for parameter in parameters for word in ("-p", parameter)]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [run.build / program, "--ros-args", "--disable-external-lib-logs", "--log-level", level, *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=run.environment)

    def wait_for(self, text, seconds=120):
        end = time.monotonic() + seconds
        while text not in self.log.read_text(errors="replace"):
            if time.monotonic() > end or self.process.poll() is not None:
                sys.exit(f"no {text!r} in {self.log}:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.1)

    def memory_kb(self):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def processor_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


class Run:
    def __init__(self, arguments, folder):
        self.build, self.folder = Path(arguments.build).resolve(), Path(folder)
        self.database = self.folder / "robot.db"
        self.environment = {**os.environ, "ROS_DOMAIN_ID": str(60 + os.getpid() % 40),
                            "ROS_AUTOMATIC_DISCOVERY_RANGE": "LOCALHOST", "RCUTILS_COLORIZED_OUTPUT": "0"}
        self.environment.pop("ROS_LOCALHOST_ONLY", None)
        self.image = Node(self, "clip_encode_image", "feed_type:=1", f"is_shared_mem_sub:={0 if arguments.udp else 1}")
        self.text = Node(self, "clip_encode_text_node", "feed_type:=true")
        self.manage = self.start_manager()
        self.camera = Node(self, "clip_publish_pictures", f"folder:={SAMPLES}", f"rate:={float(arguments.rate)}",
                           f"is_shared_mem_pub:={0 if arguments.udp else 1}")
        self.client = subprocess.Popen([self.build / "bench" / "query_latency", "--ros-args", "--log-level", "error",
                                        "--disable-external-lib-logs"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       text=True, env=self.environment)
        self.times, self.failed = [], []

    def start_manager(self):
        node = Node(self, "clip_manage", "mode:=2", f"db_file:={self.database}",
                    f"result_folder:={self.folder / 'result'}", level="info")
        node.wait_for("Serving, current num of database")
        return node

    def query(self, number):
        self.client.stdin.write(QUERIES[number % len(QUERIES)] + "\n")
        self.client.stdin.flush()
        line = self.client.stdout.readline()
        if line.startswith("failed"):
            self.failed.append(line.strip())
        else:
            self.times.append(float(line.split()[0]))

    def query_until(self, end, number):
        while time.monotonic() < end:
            begin = time.monotonic()
            self.query(number)
            number += 1
            time.sleep(max(0, min(1 - (time.monotonic() - begin), end - time.monotonic())))
        return number

    def memory(self):
        return {name: node.memory_kb() for name, node in
                (("image", self.image), ("text", self.text), ("manage", self.manage))}

    def kill_manager(self):
        """Kills clip_manage while keyframes arrive; returns those that it had logged and that are not stored."""
        self.manage.process.kill()
        self.manage.process.wait()
        logged = re.findall(r"Stored keyframe (\S+),", self.manage.log.read_text())
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True) as database:
            stored = {url for url, in database.execute("SELECT url FROM ClipItems")}
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return len(logged), [url for url in logged if url not in stored]


def summary(times):
    ordered = sorted(times)
    return {"count": len(ordered), "median": statistics.median(ordered),
            "p95": ordered[int(len(ordered) * 0.95)], "max": ordered[-1]}


def measure(run, minutes):
    half = minutes * 60 / 2
    begin = time.monotonic()
    result = {"minutes": minutes}
    number = run.query_until(begin + min(60, half / 2), 0)
    result["memory_kb"] = {"begin": run.memory()}
    number = run.query_until(begin + half, number)
    result["memory_kb"]["middle"] = run.memory()
    result["queries_ms_before"] = summary(run.times)
    result["logged_before_the_kill"], result["lost"] = run.kill_manager()
    run.manage = run.start_manager()
    run.times = []
    run.query_until(begin + 2 * half, number)
    result["memory_kb"]["end"] = run.memory()
    result["queries_ms_after"] = summary(run.times)
    result["failed_queries"] = run.failed
    result["processor_seconds"] = {"image": run.image.processor_seconds(), "text": run.text.processor_seconds(),
                                   "manage_after": run.manage.processor_seconds()}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--rate", type=float, default=10)
    parser.add_argument("--udp", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clipseek_robot_") as folder:
        run = Run(arguments, folder)
        try:
            result = measure(run, arguments.minutes)
            result["exit_status"] = [node.stop() for node in (run.camera, run.manage, run.image, run.text)]
            result["last_picture_rates"] = run.image.log.read_text().strip().split("\n")[-1]
        finally:
            for node in (run.camera, run.manage, run.image, run.text, run.client):
                process = getattr(node, "process", node)
                if process.poll() is None:
                    process.kill()
        with sqlite3.connect(run.database) as database:
            result["keyframes"], = database.execute("SELECT count(*) FROM ClipItems").fetchone()
            result["database_mb"] = round(run.database.stat().st_size / 1e6, 1)
    print(json.dumps(result, indent=1))
    return 1 if result["lost"] or result["failed_queries"] else 0


if __name__ == "__main__":
    sys.exit(main())
