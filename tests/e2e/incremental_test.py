"""Indexing again: only new and changed pictures are encoded, moved ones are recognised, and vanished ones are removed."""

import os
import shutil

from support import CommandTest, main, png

COLOURS = {"red": (220, 20, 20), "green": (20, 200, 20), "blue": (20, 20, 220), "grey": (128, 128, 128)}


class IncrementalTest(CommandTest):
    def setUp(self):
        super().setUp()
        for name, colour in COLOURS.items():
            # An old time, because a modification time of the last seconds does not prove that a file is unchanged.
            os.utime(self.write(f"pictures/{name}.png", png(colour)), (1e9, 1e9))
        self.assertEqual(self.counts(), {"added": 4, "total": 4})

    def counts(self, *arguments, status=0):
        """Returns the counts of a run that are not zero."""
        counts = self.index(*(arguments or ("pictures",)), status=status)
        return {name: count for name, count in counts.items() if count and name != "seconds"}

    def stored(self):
        return [os.path.relpath(row[0], self.folder / "pictures") for row in self.rows()]

    def test_unchanged(self):
        self.assertEqual(self.counts(), {"unchanged": 4, "total": 4})

    def test_unchanged_files_are_not_read(self):
        path = self.folder / "pictures/red.png"
        status = path.stat()
        path.write_bytes(b"x" * status.st_size)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
        self.assertEqual(self.counts(), {"unchanged": 4, "total": 4})

    def test_added(self):
        self.write("pictures/new/pink.png", png((250, 150, 180)))
        self.assertEqual(self.counts(), {"added": 1, "unchanged": 4, "total": 5})

    def test_updated(self):
        old = self.rows("SELECT feature FROM ClipItems WHERE url LIKE '%red.png'")
        self.write("pictures/red.png", png((10, 90, 90), width=100))
        self.assertEqual(self.counts(), {"updated": 1, "unchanged": 3, "total": 4})
        new = self.rows("SELECT feature FROM ClipItems WHERE url LIKE '%red.png'")
        self.assertEqual(len(new), 1)
        self.assertNotEqual(old, new)

    def test_a_touched_file_is_not_a_new_picture(self):
        os.utime(self.folder / "pictures/red.png", (1, 1))
        counts = self.counts()
        self.assertEqual(counts["total"], 4)
        self.assertEqual(counts.get("added", 0), 0)

    def test_moved(self):
        os.makedirs(self.folder / "pictures/deep")
        os.rename(self.folder / "pictures/red.png", self.folder / "pictures/deep/rouge.png")
        self.assertEqual(self.counts(), {"moved": 1, "unchanged": 3, "total": 4})
        self.assertEqual(self.stored(), ["blue.png", "deep/rouge.png", "green.png", "grey.png"])
        self.assertEqual(self.counts(), {"unchanged": 4, "total": 4})

    def test_removed(self):
        os.remove(self.folder / "pictures/red.png")
        result = self.command("index", "pictures")
        self.assertIn("red.png", result.err)
        self.assertIn("removed 1", result.out)
        self.assertEqual(self.stored(), ["blue.png", "green.png", "grey.png"])

    def test_all_at_once(self):
        self.write("pictures/pink.png", png((250, 150, 180)))
        self.write("pictures/blue.png", png((1, 2, 3), width=99))
        os.rename(self.folder / "pictures/red.png", self.folder / "pictures/rouge.png")
        os.remove(self.folder / "pictures/green.png")
        self.assertEqual(self.counts(), {"added": 1, "updated": 1, "unchanged": 1, "moved": 1, "removed": 1, "total": 4})

    def test_another_folder_does_not_remove_the_first(self):
        self.write("other/pink.png", png((250, 150, 180)))
        self.assertEqual(self.counts("other"), {"added": 1, "total": 5})

    def test_pictures_of_a_missing_root_are_kept(self):
        self.write("other/pink.png", png((250, 150, 180)))
        shutil.copy(self.folder / "pictures/red.png", self.folder / "other/copy.png")
        os.rename(self.folder / "pictures", self.folder.parent / (self.folder.name + "-unplugged"))
        self.addCleanup(shutil.rmtree, self.folder.parent / (self.folder.name + "-unplugged"))
        self.assertEqual(self.counts("pictures", "other", status=3), {"added": 2, "failed": 1, "total": 6})
        os.utime(self.folder / "other/copy.png", (1e9, 1e9))
        os.utime(self.folder / "other/pink.png", (1e9, 1e9))
        self.assertEqual(self.counts(".", "pictures", status=3), {"unchanged": 2, "failed": 1, "total": 6})
        self.assertEqual(self.counts("."), {"unchanged": 2, "removed": 4, "total": 2})

    def test_a_removed_folder_is_noticed_below_its_root(self):
        shutil.rmtree(self.folder / "pictures")
        os.makedirs(self.folder / "pictures")
        self.assertEqual(self.counts(), {"removed": 4})

    def test_a_bad_picture_is_remembered_and_named_each_time(self):
        self.write("pictures/bad.png", png()[:40])
        for _ in range(2):
            result = self.command("index", "--json", "pictures", status=3)
            self.assertEqual(result.json_lines()[0]["failed"], 1)
            self.assertIn("bad.png", result.err)
        self.write("pictures/bad.png", png((90, 10, 90)))
        self.assertEqual(self.counts(), {"added": 1, "unchanged": 4, "total": 5})

    def test_a_picture_that_became_bad_is_no_longer_found(self):
        self.write("pictures/red.png", png()[:40])
        counts = self.counts(status=3)
        self.assertEqual((counts["failed"], counts["total"]), (1, 3))
        hits = self.command("search", "--json", "red").json_lines()
        self.assertNotIn("red.png", " ".join(hit["path"] for hit in hits))

    def test_relative_and_absolute_paths_are_the_same_files(self):
        self.assertEqual(self.counts(self.folder / "pictures"), {"unchanged": 4, "total": 4})
        self.assertEqual(self.counts("pictures/../pictures/"), {"unchanged": 4, "total": 4})
        self.assertEqual(self.counts("pictures", "pictures/red.png"), {"unchanged": 4, "total": 4})


if __name__ == "__main__":
    main()
