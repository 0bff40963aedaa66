"""Helpers of the end-to-end tests: they run the built program in a temporary folder, and make pictures for it.

ctest sets CLIPSEEK_PROGRAM to the program and CLIPSEEK_SOURCE to the source tree. Standard library only."""

import json
import os
import shutil
import sqlite3
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

PROGRAM = os.environ["CLIPSEEK_PROGRAM"]
SOURCE = Path(os.environ["CLIPSEEK_SOURCE"])
TINY_MODEL = SOURCE / "models" / "tiny"
SAMPLES = SOURCE / "samples"
CACHE = tempfile.TemporaryDirectory()
TIMEOUT = 300  # seconds for one run; long, because sanitizers are slow


def clean_environment(**changes):
    """Returns the environment without the variables that change clipseek's defaults, with `changes` applied. The value
    None removes a variable."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLIPSEEK_") and k != "NO_COLOR"}
    environment["XDG_CACHE_HOME"] = CACHE.name  # the user's own cache stays as it is
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


def png_chunk(chunk_type, data):
    return struct.pack(">I", len(data)) + chunk_type + data + struct.pack(">I", zlib.crc32(chunk_type + data))


def png_header(width, height):
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def png(colour=(200, 30, 30), width=64, height=48, note=""):
    """Returns an RGB picture of one colour. Different notes make different files of the same picture."""
    rows = (b"\0" + bytes(colour) * width) * height
    text = png_chunk(b"tEXt", b"Comment\0" + note.encode()) if note else b""
    return png_header(width, height) + text + png_chunk(b"IDAT", zlib.compress(rows, 1)) + png_chunk(b"IEND", b"")


class Result:
    def __init__(self, process):
        self.status = process.returncode
        self.raw_out, self.raw_err = process.stdout, process.stderr
        self.out = process.stdout.decode(errors="replace")
        self.err = process.stderr.decode(errors="replace")

    def json_lines(self):
        """Returns stdout as JSON objects, one per line; fails if anything else was printed."""
        assert self.out == "" or self.out.endswith("\n"), self.out
        return [json.loads(line) for line in self.out.splitlines()]


class CommandTest(unittest.TestCase):
    """A test with a temporary folder, which is also the program's current folder."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="clipseek-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        """Writes a file below the test's folder; `name` may be bytes that are not UTF-8."""
        path = os.path.join(os.fsencode(self.folder), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        return Path(os.fsdecode(path))

    def command(self, *arguments, status=0, cwd=None, env=None, **options):
        """Runs clipseek and checks its exit status (None: any)."""
        process = subprocess.run([PROGRAM, *map(os.fspath, arguments)], capture_output=True, timeout=TIMEOUT,
                                 cwd=cwd or self.folder, env=env or clean_environment(), check=False, **options)
        result = Result(process)
        if status is not None:
            self.assertEqual(result.status, status, f"clipseek {arguments}\n{result.out}\n{result.err}")
        return result

    def index(self, *arguments, status=0, **options):
        """Runs `index --json` and returns its counts."""
        lines = self.command("index", "--json", *arguments, status=status, **options).json_lines()
        self.assertEqual(len(lines), 1)
        return lines[0]

    def refused(self, *arguments, status=1, names=(), **options):
        """Runs clipseek, which must fail with one clear line that holds each of `names`. Returns the line."""
        result = self.command(*arguments, status=status, **options)
        lines = result.err.splitlines()
        self.assertEqual(result.out, "")
        self.assertEqual(len(lines), 1, result.err)
        self.assertTrue(lines[0].startswith("clipseek: error: "), result.err)
        self.assertNotIn("internal error", lines[0])
        for name in names:
            self.assertIn(str(name), lines[0])
        return lines[0]

    def unprivileged(self):
        """Options for a run without root's privileges, so that the modes of files apply."""
        if os.geteuid() != 0:
            return {}
        os.chmod(self.folder, 0o777)
        options = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            self.command("--version", **options)
        except (PermissionError, AssertionError):
            self.skipTest("root can read every file, and other users may not run the program in its folder")
        return options

    def closed(self, name, mode=0):
        """Restricts the mode of a file or folder below the test's folder until the end of the test."""
        path = self.folder / name
        os.chmod(path, mode)
        self.addCleanup(os.chmod, path, 0o755)

    def rows(self, query="SELECT url FROM ClipItems ORDER BY url", database="clip.db"):
        """Returns the rows of a query on the database, read with Python's SQLite after an integrity check."""
        connection = sqlite3.connect(self.folder / database)
        connection.text_factory = os.fsdecode
        try:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            return connection.execute(query).fetchall()
        finally:
            connection.close()


def main():
    unittest.main(verbosity=2)
