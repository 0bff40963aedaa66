"""Shared by the tests of the nodes: runs the built nodes as processes in a ROS domain of the test's own.

Uses the standard library only. The node programs are in the folder of the program that CLIPSEEK_PROGRAM names."""

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent.parent / "e2e"), str(Path(__file__).parent.parent / "packaging")]

import support  # noqa: E402
from ros_domain import take_domain  # noqa: E402

LIMIT = 600  # seconds; much longer than any step needs, even on a busy machine


class Node:
    """A running node, whose output is written to a file."""

    def __init__(self, test, program, arguments, parameters, environment):
        self.log_path = test.folder / f"{program}_{len(test.nodes)}.log"
        words = [word for name, value in parameters.items() for word in ("-p", f"{name}:={value}")]
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [Path(support.PROGRAM).parent / program, "--ros-args", "--disable-external-lib-logs", *arguments,
                 *words],
                cwd=test.folder, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def wait_for(self, text):
        """Waits until the log contains `text`."""
        end = time.monotonic() + LIMIT
        while text not in self.log():
            running = self.process.poll() is None
            if time.monotonic() > end or (not running and text not in self.log()):
                raise AssertionError(f"no {text!r} in the log:\n{self.log()}")
            time.sleep(0.02)

    def wait(self):
        try:
            return self.process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"the node does not end:\n{self.log()}") from None

    def stop(self, signal):
        self.process.send_signal(signal)
        return self.wait()


class NodeTest(support.CommandTest):
    """A test case whose nodes are killed when it ends."""

    def setUp(self):
        super().setUp()
        self.nodes = []
        self.addCleanup(self.end_nodes)
        domain, lock = take_domain()
        self.addCleanup(lock.close)
        self.environment = support.clean_environment(**domain, RCUTILS_COLORIZED_OUTPUT="0")

    def end_nodes(self):
        for node in self.nodes:
            if node.process.poll() is None:
                node.process.kill()
                node.process.wait()

    def start(self, program, *arguments, environment=None, **parameters):
        node = Node(self, program, arguments, parameters, environment or self.environment)
        self.nodes.append(node)
        return node

    def start_with_held_decoder(self, program, **parameters):
        """Starts a node whose decoder of WebP pictures waits until the file self.release exists. The file self.held
        exists as soon as the decoder waits."""
        self.held, self.release = self.folder / "held", self.folder / "held.release"
        options = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
        return self.start(program, environment=self.environment | {
            "LD_PRELOAD": os.environ["CLIPSEEK_HELD_DECODER"], "HELD_DECODER": str(self.held), "ASAN_OPTIONS": options,
        }, **parameters)

    def wait_until(self, condition, what):
        """Waits until `condition()` is true; `what` describes it."""
        end = time.monotonic() + LIMIT
        while not condition():
            self.assertLess(time.monotonic(), end, f"timeout while waiting for {what}")
            time.sleep(0.02)

    def run_node(self, program, *arguments, status=0, **parameters):
        """Runs a node until it ends by itself and returns its log."""
        node = self.start(program, *arguments, **parameters)
        self.assertEqual(node.wait(), status, node.log())
        return node.log()


main = support.main
