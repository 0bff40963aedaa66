"""--links DIR: the result folder of hobot_clip, in which only links that clipseek made are replaced."""

import os

from support import CommandTest, main, png


class LinksTest(CommandTest):
    def setUp(self):
        super().setUp()
        for i in range(6):
            self.write(f"pictures/{i}.png", png((i * 40, 200 - i * 30, 100)))
        self.index("pictures")
        self.result = self.folder / "result"

    def search(self, count, **options):
        return self.command("search", "--json", "-k", str(count), "--links", "result", "a red circle", **options)

    def links(self):
        return {name: os.readlink(self.result / name) for name in os.listdir(self.result) if name.endswith(".jpg")}

    def test_links_follow_the_ranking(self):
        hits = self.search(4).json_lines()
        self.assertEqual(self.links(), {f"{hit['rank'] - 1}.jpg": hit["path"] for hit in hits})

    def test_a_smaller_result_removes_the_rest(self):
        self.search(6)
        self.search(2)
        self.assertEqual(sorted(self.links()), ["0.jpg", "1.jpg"])

    def test_other_files_stay(self):
        self.write("result/index.html", b"page")
        self.write("result/sub/0.jpg", b"picture")
        self.search(3)
        self.search(1)
        self.assertEqual(sorted(os.listdir(self.result)), [".clipseek-links", "0.jpg", "index.html", "sub"])
        self.assertEqual((self.result / "sub/0.jpg").read_bytes(), b"picture")

    def test_a_foreign_file_is_named_and_not_replaced(self):
        self.write("result/1.jpg", b"mine")
        result = self.search(3, status=1)
        self.assertEqual(len(result.json_lines()), 3)
        self.assertIn("result/1.jpg is in the way", result.err)
        self.assertEqual(os.listdir(self.result), ["1.jpg"])
        self.assertEqual((self.result / "1.jpg").read_bytes(), b"mine")

    def test_a_changed_link_is_not_replaced(self):
        self.search(3)
        os.remove(self.result / "2.jpg")
        os.symlink("/elsewhere", self.result / "2.jpg")
        before = self.links()
        self.assertIn("result/2.jpg is in the way", self.search(1, status=1).err)
        self.assertEqual(self.links(), before)

    def test_the_result_folder_is_not_indexed(self):
        self.search(6)
        counts = self.index(".")
        self.assertEqual((counts["total"], counts["added"]), (6, 0))

    def test_links_among_pictures_do_not_hide_the_pictures(self):
        self.write("mine/a.png", png((1, 2, 3)))
        self.write("mine/sub/b.png", png((3, 2, 1)))
        self.result = self.folder / "mine"
        self.command("search", "--links", "mine", "a red circle")
        self.assertEqual(len(self.links()), 6)
        counts = self.index("mine")
        self.assertEqual((counts["total"], counts["added"]), (8, 2))
        self.assertEqual([os.path.relpath(row[0], self.folder) for row in self.rows()][:2], ["mine/a.png", "mine/sub/b.png"])

    def test_a_file_where_the_folder_should_be(self):
        self.write("result", b"file")
        self.assertIn("result", self.search(1, status=1).err)
        self.assertEqual(self.result.read_bytes(), b"file")


if __name__ == "__main__":
    main()
