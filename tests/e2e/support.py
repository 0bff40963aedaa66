"""What the end-to-end tests share: running the built program in a folder of its own, and pictures to feed it.

ctest names the program in CLIPSEEK_PROGRAM and the source tree in CLIPSEEK_SOURCE. Standard library only."""

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
TIMEOUT = 300  # of one run; generous, for sanitizers are slow


def clean_environment(**changes):
    """The caller's environment without what would change clipseek's defaults. None as a value removes a variable."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CLIPSEEK_") and k != "NO_COLOR"}
    environment["XDG_CACHE_HOME"] = CACHE.name  # the user's own cache stays as it is
    for name, value in changes.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value
    return environment


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_header(width, height):
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def png(colour=(200, 30, 30), width=64, height=48, note=""):
    """An RGB picture of one colour. Another note makes another file of the same picture."""
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
        """stdout as JSON objects, one a line: fails where anything else was printed."""
        assert self.out == "" or self.out.endswith("\n"), self.out
        return [json.loads(line) for line in self.out.splitlines()]


class CommandTest(unittest.TestCase):
    """A test with a folder of its own, which is also where the program runs."""

    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="clipseek-e2e-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def write(self, name, content):
        """Writes a file below the test's folder; `name` may be bytes that are no UTF-8."""
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
        """Options of a run that the modes of files bind: for root they do not hold."""
        if os.geteuid() != 0:
            return {}
        os.chmod(self.folder, 0o777)
        options = {"user": 65534, "group": 65534, "extra_groups": []}
        try:
            self.command("--version", **options)
        except (PermissionError, AssertionError):
            self.skipTest("root reads every file, and the program lies where no other user may run it")
        return options

    def closed(self, name, mode=0):
        """Takes rights from something below the test's folder until the test is over."""
        path = self.folder / name
        os.chmod(path, mode)
        self.addCleanup(os.chmod, path, 0o755)

    def rows(self, query="SELECT url FROM ClipItems ORDER BY url", database="clip.db"):
        """What the database holds, read by Python's own SQLite."""
        connection = sqlite3.connect(self.folder / database)
        connection.text_factory = os.fsdecode
        try:
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            return connection.execute(query).fetchall()
        finally:
            connection.close()


def main():
    unittest.main(verbosity=2)
