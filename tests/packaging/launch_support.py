"""What tests of `clipseek launch` share: stand-ins for the three nodes, and waiting for what they do.

A stand-in tells in a file what it was started with, then does what the test wrote down for it. Nothing here waits for
a time to pass: it waits for files and lines, TIMEOUT at most."""

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
work = json.loads((folder / f"{{name}}.work").read_text())

def tell(what, content):
    (folder / f"{{name}}.new").write_text(json.dumps(content))
    (folder / f"{{name}}.new").rename(folder / f"{{name}}.{{what}}")

def wait_for(file):
    while not (folder / file).exists():
        time.sleep(0.01)

def on_signal(number, frame):
    tell("signal", number)
    if "stays_until" in work:
        wait_for(work["stays_until"])
    sys.exit(0)

blocked = signal.pthread_sigmask(signal.SIG_BLOCK, [])
ignored = [int(n) for n in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(n) == signal.SIG_IGN]
for number in (signal.SIGINT, signal.SIGTERM):
    deaf = number in work.get("deaf_to", [])
    signal.signal(number, signal.SIG_IGN if deaf else on_signal)
tell("started", {{"arguments": sys.argv[1:], "pid": os.getpid(), "group": os.getpgrp(), "stdin": sys.stdin.read(),
                 "blocked": [int(n) for n in blocked], "ignored": ignored}})
for file in work.get("waits_for", []):
    wait_for(file)
os.write(1, work.get("out", "").encode())
os.write(2, work.get("err", "").encode())
if "dies_of" in work:
    os.kill(os.getpid(), work["dies_of"])
if "exit" in work:
    sys.exit(work["exit"])
while True:
    signal.pause()
"""


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class LaunchCase(CommandTest):
    """The program lies in bin/ of a prefix, and finds the stand-ins in lib/ as installed nodes."""

    def setUp(self):
        super().setUp()
        self.program = self.folder / "prefix" / "bin" / "clipseek"
        self.program.parent.mkdir(parents=True)
        shutil.copy2(PROGRAM, self.program)
        (self.folder / "nodes").mkdir()
        for name, package in NODES.items():
            self.write_program(f"prefix/lib/{package}/{name}", STAND_IN)
            self.work(name)

    def write_program(self, path, text):
        self.write(path, text.encode()).chmod(0o755)

    def work(self, name, **what):
        (self.folder / "nodes" / f"{name}.work").write_text(json.dumps(what))

    def manager_works(self, **what):
        """The manager does this once the encoder nodes are up."""
        self.work("clip_manage", waits_for=[f"{name}.started" for name in ENCODERS], **what)

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
        """Exit status and output of a whole run; nothing of it is left."""
        status = self.start(*arguments, **options).wait(TIMEOUT)
        self.expect_nothing_left()
        return status, self.output()

    def until(self, what, condition):
        end = time.monotonic() + TIMEOUT
        while not condition():
            self.assertLess(time.monotonic(), end, f"waited in vain for {what}; so far:\n{self.output()}")
            time.sleep(0.01)

    def until_told(self, *files):
        for file in files:
            self.until(file, (self.folder / "nodes" / file).exists)

    def told(self, file):
        return json.loads((self.folder / "nodes" / file).read_text())

    def all_started(self):
        self.until_told(*(f"{name}.started" for name in NODES))

    def expect_nothing_left(self):
        for name in NODES:
            if (self.folder / "nodes" / f"{name}.started").exists():
                self.assertFalse(alive(self.told(f"{name}.started")["pid"]), f"{name} still runs")
