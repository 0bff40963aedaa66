"""The commands of README's sections on ROS 2 and on C++ programs, run as they stand there with the programs of the build
folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

from ros_domain import take_domain

sys.path.insert(0, str(Path(os.environ["CLIPSEEK_SOURCE"]) / "tests" / "e2e"))
from support import PROGRAM, SOURCE, TIMEOUT, CommandTest, clean_environment, main  # noqa: E402

RANKED = re.compile(r"Query Result (\S+), ")


def shell_blocks(section):
    text = (SOURCE / "README.md").read_text().split(f"\n## {section}\n")[1].split("\n## ")[0]
    return re.findall(r"```sh\n(.*?)```", text, re.DOTALL)


class ReadmeTest(CommandTest):
    def setUp(self):
        super().setUp()
        domain, lock = take_domain()
        self.addCleanup(lock.close)
        path = f"{Path(PROGRAM).parent}:{os.environ['PATH']}"
        self.environment = clean_environment(PATH=path, ROS_LOG_DIR=str(self.folder / "log"), **domain)
        self.environment["HOME"] = str(self.folder)
        for name in ("samples", "examples"):
            (self.folder / name).symlink_to(SOURCE / name)
        (self.folder / "build").mkdir()
        (self.folder / "build" / "release").symlink_to(os.environ["CLIPSEEK_BUILD"])

    def run_block(self, block):
        """Runs the commands of a block one after the other, as a user would type them, and ends those in the background.
        Returns what they print."""
        # SIGTERM, because a shell that runs a script makes its background jobs ignore SIGINT.
        end = "status=$?; kill $(jobs -p) 2>/dev/null || true; wait || true; exit $status"
        done = subprocess.run(["bash", "-c", f"set -e; trap '{end}' EXIT\n{block}"], cwd=self.folder, env=self.environment,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIMEOUT, check=False)
        output = done.stdout.decode()
        self.assertEqual(done.returncode, 0, output)
        return output

    def test_the_blocks(self):
        launch, by_hand, camera = shell_blocks("ROS 2")
        launched = RANKED.findall(self.run_block(launch))
        self.assertEqual(len(launched), 10)
        self.assertTrue((self.folder / "result" / "0.jpg").is_symlink())
        (self.folder / "clip.db").unlink()
        output = self.run_block(by_hand)
        self.assertIn("Storage finish, current num of database: 120.", output)
        self.assertEqual(RANKED.findall(output), launched)
        self.assertIn("ros:/", self.run_block(camera))

    def test_the_library(self):
        (block,) = shell_blocks("C++ programs")
        self.assertIn("two-red-hearts-on-white.jpg", self.run_block(block).splitlines()[-5])


if __name__ == "__main__":
    main()
