"""File names are bytes: spaces, quotes, line feeds, bytes that are not UTF-8. No shell interprets them, and no message is
broken by them."""

import os

from support import CommandTest, main, png

NAMES = [b"with space.png", b"two\nlines.png", b"tab\there.png", b"'single' \"double\".png", b"$(touch pwned).png",
         b"; touch pwned;.png", b"-k.png", b"[a,b].png", b"{}.png", b"back\\slash.png", b"\xff\xfe latin \xe9.png",
         "caf\u00e9 \u732b.png".encode(), b"\x1b[31mred.png", b"100%s%n.png"]


class NamesTest(CommandTest):
    def setUp(self):
        super().setUp()
        for i, name in enumerate(NAMES):
            self.write(b"pictures/" + name, png((i * 15, 255 - i * 15, 100), note=str(i)))

    def test_all_are_indexed_found_and_linked(self):
        self.assertEqual(self.index("pictures")["added"], len(NAMES))
        self.assertEqual(self.index("pictures")["unchanged"], len(NAMES))
        stored = {os.path.basename(os.fsencode(row[0])) for row in self.rows()}
        self.assertEqual(stored, set(NAMES))
        result = self.command("search", "--json", "-k", "100", "--links", "result", "a red square")
        self.assertEqual({os.path.basename(hit["path"]) for hit in result.json_lines()},
                         {name.decode(errors="replace") for name in NAMES})
        links = {os.path.basename(os.readlink(os.fsencode(path))) for path in (self.folder / "result").glob("*.jpg")}
        self.assertEqual(links, set(NAMES))
        self.assertTrue(all(path.exists() for path in (self.folder / "result").glob("*.jpg")))
        self.assertFalse((self.folder / "pwned").exists())

    def test_each_file_can_be_named_on_the_command_line(self):
        counts = self.index("--", *NAMES, cwd=self.folder / "pictures")
        self.assertEqual(counts["added"], len(NAMES))
        for name in NAMES:
            self.assertEqual(len(self.command("encode", "--json", "--image", b"pictures/" + name).json_lines()), 1)

    def test_a_bad_file_is_reported_in_one_line_without_control_characters(self):
        for name in NAMES:
            self.write(b"pictures/" + name, b"not a picture")
        result = self.command("index", "--json", "pictures", status=3)
        self.assertEqual(len(result.err.splitlines()), len(NAMES))
        self.assertNotIn("\x1b", result.err)
        for escaped in ["two\\nlines.png", "\\xff\\xfe latin \\xe9.png", "\\x1b[31mred.png", "caf\u00e9 \u732b.png"]:
            self.assertIn(escaped, result.err)

    def test_a_folder_in_brackets(self):
        self.write("[2024]/a.png", png((1, 2, 3)))
        self.assertEqual(self.index("[2024]")["added"], 1)


if __name__ == "__main__":
    main()
