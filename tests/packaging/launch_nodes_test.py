"""The real nodes under `clipseek launch`, on the loopback interface: they store a folder and answer a query."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

from ros_domain import take_domain

sys.path.insert(0, str(Path(os.environ["CLIPSEEK_SOURCE"]) / "tests" / "e2e"))
from support import PROGRAM, SAMPLES, TIMEOUT, CommandTest, clean_environment, main  # noqa: E402

PICTURES = ["cat.png", "guitar.jpg", "rocket.jpg", "two-cats.jpg", "umbrella.png", "violin.jpg"]


class LaunchNodesTest(CommandTest):
    def setUp(self):
        super().setUp()
        domain, lock = take_domain()
        self.addCleanup(lock.close)
        self.environment = clean_environment(ROS_LOG_DIR=str(self.folder / "log"), **domain)
        (self.folder / "pictures").mkdir()
        for name in PICTURES:
            shutil.copy(SAMPLES / name, self.folder / "pictures")

    def launch(self, *arguments, status=0):
        done = subprocess.run([PROGRAM, "launch", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              cwd=self.folder, env=self.environment, timeout=TIMEOUT, check=False)
        output = done.stdout.decode()
        self.assertEqual(done.returncode, status, output)
        self.assertEqual(output.count("process started with pid"), 3)
        self.assertEqual(output.count("process has"), 3, output)
        return output

    def test_stores_and_ranks_as_the_command_does(self):
        output = self.launch("clip_mode:=0", f"clip_storage_folder:={self.folder / 'pictures'}")
        self.assertIn("Storage finish, current num of database: 6.", output)
        self.assertEqual(output.count("process has finished cleanly"), 3, output)
        output = self.launch("clip_mode:=1", "clip_text:=a rocket", "clip_topk:=3",
                             f"clip_result_folder:={self.folder / 'result'}")
        logged = [line.split("Query Result ")[1].split(", ")[0] for line in output.splitlines()
                  if "Query Result " in line]
        ranked = self.command("search", "-k", "3", "--json", "a rocket").json_lines()
        self.assertEqual(logged, [hit["path"] for hit in ranked])
        self.assertEqual(Path(logged[0]).name, "rocket.jpg")
        for number, path in enumerate(logged):
            self.assertEqual(os.path.realpath(self.folder / "result" / f"{number}.jpg"), os.path.realpath(path))

    def test_a_missing_folder_is_an_error(self):
        output = self.launch("clip_mode:=0", "clip_storage_folder:=/no/such/folder", status=1)
        self.assertIn("/no/such/folder", output)
        self.assertEqual(output.count("process has finished cleanly"), 2, output)

    def test_ctrl_c_ends_serving_cleanly(self):
        self.launch("clip_mode:=0", f"clip_storage_folder:={self.folder / 'pictures'}")
        process = subprocess.Popen([PROGRAM, "launch", "clip_mode:=2"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   cwd=self.folder, env=self.environment, text=True)
        self.addCleanup(process.stdout.close)
        for line in process.stdout:
            if "Serving, current num of database: 6." in line:
                break
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        self.assertEqual(process.wait(TIMEOUT), 0, rest)
        self.assertEqual(rest.count("process has finished cleanly"), 3, rest)


if __name__ == "__main__":
    main()
