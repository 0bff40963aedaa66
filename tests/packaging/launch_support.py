"""Helpers for the tests of `clipseek launch`: stand-ins for the three nodes, and functions that wait for their actions.

A stand-in records in a file how it was started, then follows the instructions that the test has written for it. The
functions here wait until a file or line appears, for at most TIMEOUT; none sleeps for a fixed time."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(os.environ["CLIPSEEK_SOURCE"]) / "tests" / "e2e"))
from support import PROGRAM, TIMEOUT, CommandTest, clean_environment  # noqa: E402

NODES = {"clip_encode_image": "clip_encode_image", "clip_encode_text_node": "clip_encode_text",
         "clip_manage": "clip_manage"}
ENCODERS = ["clip_encode_image", "clip_encode_text_node"]

STAND_IN = f"""#!{sys.executable} -IB
import json, os, signal, sys, time
from pathlib import Path

folder = Path(os.environ["STAND_IN_FOLDER"])
name = Path(sys.argv[0]).name
behaviour = json.loads((folder / f"{{name}}.behaviour").read_text())

def record(what, content):
    (folder / f"{{name}}.new").write_text(json.dumps(content))
    (folder / f"{{name}}.new").rename(folder / f"{{name}}.{{what}}")

def wait_for(file):
    while not (folder / file).exists():
        time.sleep(0.01)

def on_signal(number, frame):
    record("signal", number)
    if "exits_after" in behaviour:
        wait_for(behaviour["exits_after"])
    sys.exit(0)

blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
ignored = [int(n) for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) == signal.SIG_IGN]
for number in (signal.SIGINT, signal.SIGTERM):
    ignore = number in behaviour.get("ignores", [])
    signal.signal(number, signal.SIG_IGN if ignore else on_signal)
record("started", {{"arguments": sys.argv[1:], "pid": os.getpid(), "group": os.getpgrp(), "stdin": sys.stdin.read(),
                 "blocked": [int(n) for n in blocked], "ignored": ignored}})
for file in behaviour.get("waits_for", []):
    wait_for(file)
os.write(1, behaviour.get("out", "").encode())
os.write(2, behaviour.get("err", "").encode())
if "dies_by" in behaviour:
    os.kill(os.getpid(), behaviour["dies_by"])
if "exit" in behaviour:
    sys.exit(behaviour["exit"])
while True:
    signal.pause()
"""


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class LaunchCase(CommandTest):
    """A test case with an installation prefix: bin/ has the program, lib/ has the stand-ins in place of the nodes."""

    def setUp(self):
        super().setUp()
        self.program = self.folder / "prefix" / "bin" / "clipseek"
        self.program.parent.mkdir(parents=True)
        shutil.copy2(PROGRAM, self.program)
        (self.folder / "nodes").mkdir()
        for name, package in NODES.items():
            self.write_program(f"prefix/lib/{package}/{name}", STAND_IN)
            self.set_behaviour(name)

    def write_program(self, path, text):
        self.write(path, text.encode()).chmod(0o755)

    def set_behaviour(self, name, **what):
        (self.folder / "nodes" / f"{name}.behaviour").write_text(json.dumps(what))

    def set_manager_behaviour(self, **what):
        """Sets what the manager does after the encoder nodes have started."""
        self.set_behaviour("clip_manage", waits_for=[f"{name}.started" for name in ENCODERS], **what)

    def start(self, *arguments, **options):
        self.log = open(self.folder / "log", "w+b")
        self.addCleanup(self.log.close)
        environment = clean_environment(STAND_IN_FOLDER=str(self.folder / "nodes"))
        process = subprocess.Popen([self.program, "launch", *arguments], cwd=self.folder, env=environment,
                                   stdout=self.log, stderr=subprocess.STDOUT, **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.terminate()
        process.wait(TIMEOUT)

    def output(self):
        return (self.folder / "log").read_text()

    def launch(self, *arguments, **options):
        """Runs the launcher until it ends, checks that no node is left, and returns the exit status and the output."""
        status = self.start(*arguments, **options).wait(TIMEOUT)
        self.expect_no_process_left()
        return status, self.output()

    def wait_until(self, what, condition):
        end = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), end, f"timeout while waiting for {what}; output:\n{self.output()}")
            time.sleep(0.01)

    def wait_for_records(self, *files):
        for file in files:
            self.wait_until(file, (self.folder / "nodes" / file).exists)

    def recorded(self, file):
        return json.loads((self.folder / "nodes" / file).read_text())

    def all_started(self):
        self.wait_for_records(*(f"{name}.started" for name in NODES))

    def expect_no_process_left(self):
        for name in NODES:
            if (self.folder / "nodes" / f"{name}.started").exists():
                self.assertFalse(alive(self.recorded(f"{name}.started")["pid"]), f"{name} is still running")
