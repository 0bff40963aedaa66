"""tools/pre-commit, installed as the hook of a small repository, accepts good commits and refuses the others."""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ["CLIPSEEK_SOURCE"])
COPIED = [".clang-format", ".clang-tidy", "tools/check_format.sh", "tools/check_tidy.py", "tools/check_tree.py",
          "tools/pre-commit"]
GOOD = "int two() {\n  return 2;\n}\n"


class PreCommitTest(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="clipseek-hook-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        for name in COPIED:
            (self.folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(SOURCE / name, self.folder / name)
        self.write("src/CMakeLists.txt", "clipseek_library(base)\n")
        self.write(".gitignore", "/build/\n")
        self.git("init", "--quiet")
        (self.folder / ".git/hooks").mkdir(exist_ok=True)
        (self.folder / ".git/hooks/pre-commit").symlink_to("../../tools/pre-commit")

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def git(self, *arguments, status=0):
        """Runs git without the caller's configuration, and returns what it and its hooks print."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        environment.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_NOSYSTEM="1")
        for role in ("AUTHOR", "COMMITTER"):
            environment.update({f"GIT_{role}_NAME": "A", f"GIT_{role}_EMAIL": "a@example.org"})
        process = subprocess.run(["git", *arguments], cwd=self.folder, env=environment, text=True, check=False,
                                 stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(process.returncode, status, process.stdout)
        return process.stdout

    def commit(self, content, status=0):
        self.write("src/base/two.cpp", content)
        self.git("add", "--all")
        return self.git("commit", "-m", "x", status=status)

    def compile_commands(self):
        command = {"directory": str(self.folder), "file": "src/base/two.cpp", "command": "c++ -Isrc -c src/base/two.cpp"}
        self.write("build/debug/compile_commands.json", json.dumps([command]))

    def test_a_good_commit_passes(self):
        self.assertIn("clang-tidy needs a build folder", self.commit(GOOD))
        self.assertEqual(self.git("status", "--short"), "")

    def test_a_broken_rule(self):
        self.assertIn("src/base/two.cpp:1: \"cli/x.h\" is not a file", self.commit(f'#include "cli/x.h"\n\n{GOOD}', 1))

    @unittest.skipUnless(shutil.which("clang-format-14"), "clang-format 14 is not installed")
    def test_layout(self):
        self.assertIn("src/base/two.cpp:1:", self.commit(GOOD.replace("\n", " "), 1))
        self.git("commit", "--no-verify", "-m", "x")
        self.write("README.md", "A commit without the file is not held up by it.\n")
        self.git("add", "README.md")
        self.git("commit", "-m", "y")

    @unittest.skipUnless(shutil.which("clang-tidy-14"), "clang-tidy 14 is not installed")
    def test_a_finding_of_clang_tidy(self):
        self.compile_commands()
        self.assertIn("readability-identifier-naming", self.commit(GOOD.replace("two", "Two"), 1))
        self.commit(GOOD)

    @unittest.skipUnless(shutil.which("clang-tidy-14"), "clang-tidy 14 is not installed")
    def test_a_header_is_checked_with_a_file_that_includes_it(self):
        self.compile_commands()
        self.write("src/base/two.h", "#pragma once\nint two();\n")
        self.commit('#include "base/two.h"\n\n' + GOOD)
        self.write("src/base/two.h", "#pragma once\nint two();\nint Three();\n")
        self.git("add", "--all")
        self.assertIn("readability-identifier-naming", self.git("commit", "-m", "x", status=1))


if __name__ == "__main__":
    unittest.main(verbosity=2)
