"""Bad input of every type gets a clear message and the documented exit status, and nothing that is stored is lost."""

import contextlib
import os
import random
import resource
import sqlite3
import struct
import subprocess
import tempfile
from pathlib import Path

from support import SAMPLES, CommandTest, main, png, png_header

MEGABYTE = 1 << 20
PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".avif"}


def sample_of_each_format():
    """One sample picture's bytes for each file extension."""
    samples = {}
    for path in sorted(SAMPLES.rglob("*")):
        if path.suffix.lower() in PICTURES:
            samples.setdefault(path.suffix.lower(), path.read_bytes())
    return samples


class BadPictureTest(CommandTest):
    def assert_named_as_failed(self, names, good=1):
        """Indexes the folder `pictures`, where `names` are bad: each is named on stderr, the good ones are stored."""
        self.write("pictures/good.png", png())
        result = self.command("index", "--json", "pictures", status=3)
        counts = result.json_lines()[0]
        self.assertEqual((counts["failed"], counts["added"]), (len(names), good), result.err)
        lines = [line for line in result.err.splitlines() if line.startswith("clipseek: error: ")]
        self.assertEqual(len(lines), len(names), result.err)
        for name in names:
            self.assertEqual(sum(name in line for line in lines), 1, (name, result.err))
        return result

    def test_truncated_pictures_of_every_format(self):
        names = []
        for extension, content in sample_of_each_format().items():
            for share in (0.1, 0.5, 0.9):
                names.append(f"cut_{int(share * 100)}{extension}")
                self.write("pictures/" + names[-1], content[: int(len(content) * share)])
        if not names:
            self.skipTest("no samples/ in the source tree")
        self.assert_named_as_failed(names)

    def test_garbage_after_the_header_of_every_format(self):
        generator = random.Random(2)
        names = []
        for extension, content in sample_of_each_format().items():
            names.append("garbage" + extension)
            self.write("pictures/" + names[-1], content[:24] + generator.randbytes(5000))
        if not names:
            self.skipTest("no samples/ in the source tree")
        self.assert_named_as_failed(names)

    def test_files_that_are_not_pictures(self):
        self.write("pictures/text.jpg", b"Dear diary, this is a text.\n" * 100)
        self.write("pictures/empty.png", b"")
        self.write("pictures/random.webp", random.Random(3).randbytes(1000))
        self.assert_named_as_failed(["text.jpg", "empty.png", "random.webp"])

    def test_a_header_of_50000_by_50000_pixels_costs_no_memory(self):
        side = 50_000
        bitmap = b"BM" + struct.pack("<IHHI", 54 + 1000, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24,
                                                                              0, 0, 0, 0, 0, 0) + b"\0" * 1000
        jpeg = (b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 17, 8, side, side, 3) + b"\1\x22\0\2\x11\1\3\x11\1"
                + b"\xff\xda" + struct.pack(">HB", 12, 3) + b"\1\0\2\x11\3\x11\0\x3f\0" + b"\0" * 1000 + b"\xff\xd9")
        gif = b"GIF89a" + struct.pack("<HHBBB", side, side, 0x80, 0, 0) + b"\0" * 6 + b"," + struct.pack(
            "<HHHHB", 0, 0, side, side, 0) + b"\x02\x02\x4c\x01\0;"
        self.write("pictures/huge.png", png_header(side, side) + b"\0\0\4\0IDAT" + b"\0" * 1024)
        self.write("pictures/huge.bmp", bitmap)
        self.write("pictures/huge.jpg", jpeg)
        self.write("pictures/huge.gif", gif)
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        result = self.assert_named_as_failed(["huge.png", "huge.bmp", "huge.jpg", "huge.gif"])
        self.assertIn("huge.png: too large PNG picture: ", result.err)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertTrue(peak == before or peak * 1024 < 1500 * MEGABYTE, f"{peak} kB")

    def test_folders_and_pipes_named_like_pictures(self):
        os.makedirs(self.folder / "pictures/folder.jpg")
        os.mkfifo(self.folder / "pictures/pipe.jpg")
        self.write("pictures/folder.jpg/inside.png", png((0, 0, 99)))
        result = self.command("index", "--json", "pictures", status=None)
        self.assertIn(result.status, (0, 3))
        self.assertEqual(result.json_lines()[0]["added"], 1)

    def test_loops_of_symbolic_links(self):
        self.write("pictures/sub/good.png", png())
        os.symlink("..", self.folder / "pictures/sub/up")
        os.symlink("b.jpg", self.folder / "pictures/a.jpg")
        os.symlink("a.jpg", self.folder / "pictures/b.jpg")
        result = self.command("index", "--json", "pictures", status=None)
        self.assertIn(result.status, (0, 3))
        self.assertEqual(result.json_lines()[0]["added"], 1)

    def test_an_unreadable_file(self):
        self.write("pictures/good.png", png())
        self.write("pictures/secret.png", png((1, 2, 3)))
        self.closed("pictures/secret.png")
        result = self.command("index", "--json", "pictures", status=3, **self.unprivileged())
        self.assertEqual(result.json_lines()[0]["added"], 1)
        self.assertIn("secret.png", result.err)
        self.assertIn("Permission denied", result.err)

    def test_a_query_picture_that_is_bad(self):
        self.write("good.png", png())
        self.index("good.png")
        self.write("bad.png", png()[:50])
        self.refused("search", "--json", "--image", "bad.png", names=["bad.png"])
        self.refused("search", "--json", "--image", "none.png", names=["none.png"])


class BadPathTest(CommandTest):
    def assert_no_database(self):
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name.startswith("clip.db")], [])

    def test_missing_folders_leave_no_database_behind(self):
        self.refused("index", "no-such-folder", names=["no-such-folder"])
        self.refused("index", "one", "two/none.png", names=["one", "two/none.png"])
        self.assert_no_database()

    def test_a_missing_folder_is_named_and_the_rest_indexed(self):
        self.write("pictures/a.png", png())
        for counted in ["added", "unchanged"]:
            os.utime(self.folder / "pictures/a.png", (1e9, 1e9))
            result = self.command("index", "--json", "no-such-folder", "pictures", status=3)
            counts = result.json_lines()[0]
            self.assertEqual((counts[counted], counts["failed"], counts["total"]), (1, 1, 1))
            self.assertEqual(len(result.err.splitlines()), 1, result.err)
            self.assertIn("no-such-folder", result.err)

    def test_roots_that_cannot_be_read_leave_no_database_behind(self):
        self.write("locked/a.png", png())
        self.write("closed/b.png", png())
        os.symlink("loop", self.folder / "loop")
        options = self.unprivileged()
        self.closed("locked")
        self.closed("closed", 0o444)
        self.refused("index", "locked", names=["locked", "Permission denied"], **options)
        self.refused("index", "closed/b.png", names=["closed/b.png", "Permission denied"], **options)
        self.refused("index", "loop", names=["loop", "Too many levels of symbolic links"], **options)
        self.assert_no_database()

    def test_a_folder_without_execute_permission(self):
        self.write("pictures/good.png", png())
        self.write("pictures/closed/sub/hidden.png", png((0, 0, 200)))
        self.write("pictures/closed/hidden.png", png((0, 200, 0)))
        options = self.unprivileged()
        self.closed("pictures/closed", 0o444)
        result = self.command("index", "--json", "pictures", status=3, **options)
        counts = result.json_lines()[0]
        self.assertEqual((counts["added"], counts["failed"]), (1, 2), result.err)
        self.assertIn("cannot open the folder " + str(self.folder / "pictures/closed/sub"), result.err)
        self.assertIn("pictures/closed/hidden.png: Permission denied", result.err)

    def test_folders_whose_path_is_too_long(self):
        os.makedirs(self.folder / "pictures")
        parent = os.open(self.folder / "pictures", os.O_RDONLY)
        for _ in range(25):
            os.mkdir("d" * 200, dir_fd=parent)
            child = os.open("d" * 200, os.O_RDONLY, dir_fd=parent)
            os.close(parent)
            parent = child
        os.close(parent)
        result = self.command("index", "--json", "pictures", status=3)
        self.assertEqual(result.json_lines()[0]["failed"], 1)
        self.assertIn("File name too long", result.err)

    def test_unreachable_databases_and_models_are_not_reported_as_missing(self):
        self.write("a.png", png())
        self.index("a.png")
        os.makedirs(self.folder / "locked/model")
        os.rename(self.folder / "clip.db", self.folder / "locked/clip.db")
        options = self.unprivileged()
        self.closed("locked")
        denied = ["Permission denied"]
        for command in [["search", "a cat"], ["info"]]:
            self.refused(*command, "--db", "locked/clip.db", names=["locked/clip.db", *denied], **options)
            self.refused(*command, "--model", "locked/model", names=["locked/model", *denied], **options)
            self.refused(*command, "--model", "locked", names=["locked/", *denied], **options)

    def test_an_empty_name_as_database(self):
        self.write("a.png", png())
        for command in [["index", "a.png"], ["search", "a cat"], ["info"]]:
            self.refused(*command, "--db", "", status=2, names=["--db"])

    def test_a_current_folder_that_was_deleted(self):
        self.write("a.png", png())
        self.index("a.png")

        def gone():
            path = self.folder / "gone"
            path.mkdir()
            return {"cwd": path, "preexec_fn": path.rmdir}

        self.refused("index", ".", names=["current folder", "No such file or directory"], **gone())
        self.refused("index", "--db", "new.db", self.folder, names=["new.db", "No such file or directory"], **gone())
        self.refused("search", "a cat", names=["clip.db"], **gone())
        result = self.command("search", "--db", self.folder / "clip.db", "a cat", **gone())
        self.assertIn(str(self.folder / "a.png"), result.out)

    def test_an_empty_folder(self):
        os.makedirs(self.folder / "empty")
        self.assertEqual(self.index("empty")["total"], 0)
        result = self.command("search", "--json", "a cat")
        self.assertEqual(result.out, "")
        self.assertIn("no pictures", result.err)


class BadDatabaseTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.write("pictures/good.png", png())

    def test_searching_creates_none(self):
        self.refused("search", "a cat", names=["clip.db"])
        self.refused("search", "--db", "no/such/clip.db", "a cat", names=["no/such/clip.db"])
        self.assertEqual([path.name for path in self.folder.iterdir()], ["pictures"])

    def test_a_file_that_is_not_a_database_is_not_changed(self):
        for content in [b"Dear diary\n" * 1000, b"diary", b"x", b"SQLite format 3\0" + b"\xff" * 4000]:
            self.write("diary.db", content)
            for arguments in [["search", "--db", "diary.db", "a"], ["index", "--db", "diary.db", "pictures"],
                              ["info", "--db", "diary.db"]]:
                self.refused(*arguments, names=["diary.db"])
                self.assertEqual((self.folder / "diary.db").read_bytes(), content)

    def test_a_hobot_clip_database_under_a_version_of_clipseek(self):
        with contextlib.closing(sqlite3.connect(self.folder / "odd.db")) as database:
            database.execute("CREATE TABLE ClipItems(id INTEGER PRIMARY KEY AUTOINCREMENT, timestamp INTEGER, "
                             "type BOOLEAN, name TEXT, text TEXT, url TEXT, feature BLOB, extra TEXT)")
            database.execute("PRAGMA user_version = 1")
        for arguments in [["search", "--db", "odd.db", "a"], ["index", "--db", "odd.db", "pictures"]]:
            self.refused(*arguments, names=["odd.db", "make a new one with 'clipseek index' under another name"])

    def test_a_folder_as_database(self):
        self.refused("index", "--db", "pictures", "pictures", names=["pictures"])
        self.refused("search", "--db", "pictures", "a", names=["pictures"])

    def test_a_database_in_a_missing_folder(self):
        self.refused("index", "--db", "no/such/clip.db", "pictures", names=["no/such/clip.db"])

    def test_a_read_only_folder(self):
        folder = self.folder / "locked"
        folder.mkdir()
        self.index("--db", folder / "clip.db", "pictures")
        self.write("more/new.png", png((5, 5, 200)))
        with read_only(self, folder):
            self.refused("index", "--db", folder / "clip.db", "more", names=["clip.db"])
            self.refused("index", "--db", folder / "new.db", "more", names=["new.db"])
            hits = self.command("search", "--json", "--db", folder / "clip.db", "a cat").json_lines()
            self.assertEqual(len(hits), 1)
        self.assertEqual(self.index("--db", folder / "clip.db", "more")["total"], 2)

    def test_pictures_in_a_read_only_folder(self):
        with read_only(self, self.folder / "pictures"):
            self.assertEqual(self.index("pictures")["added"], 1)

    def test_a_full_disk(self):
        with small_disk(self, "1m") as disk:
            for i in range(600):
                self.write(f"many/{i}.png", png((i % 256, i // 256, 0), note=str(i)))
            line = self.refused_last("index", "--db", disk / "clip.db", "many")
            self.assertIn("clip.db", line)
            stored = len(self.rows(database=disk / "clip.db"))
            self.assertLess(stored, 600)
            subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
            counts = self.index("--db", disk / "clip.db", "many")
            self.assertEqual(counts["total"], 600)
            self.assertGreaterEqual(counts["unchanged"], stored)

    def refused_last(self, *arguments):
        result = self.command(*arguments, status=1)
        line = result.err.splitlines()[-1]
        self.assertTrue(line.startswith("clipseek: error: "), result.err)
        return line


@contextlib.contextmanager
def mounted(test, folder, *arguments):
    """Mounts a file system on `folder`. Skips the test if this process may not mount."""
    result = subprocess.run(["mount", *arguments, folder], capture_output=True, check=False)
    if result.returncode != 0:
        test.skipTest("this test needs to mount a file system: " + result.stderr.decode().strip())
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def small_disk(test, size):
    folder = Path(tempfile.mkdtemp(prefix="clipseek-disk-", dir=test.folder))
    return mounted(test, folder, "-t", "tmpfs", "-o", "size=" + size, "none")


@contextlib.contextmanager
def read_only(test, folder):
    """Makes `folder` read-only: by its mode or, for root, whom the mode does not restrict, by a mount."""
    if os.geteuid() == 0:
        with mounted(test, folder, "--bind", folder):
            subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
            yield
        return
    os.chmod(folder, 0o555)
    try:
        yield
    finally:
        os.chmod(folder, 0o755)


if __name__ == "__main__":
    main()
