"""The behaviour of the command that scripts rely on. One class for each subcommand."""

import json
import math
import os
import subprocess
from pathlib import Path

from support import PROGRAM, SAMPLES, TINY_MODEL, CommandTest, clean_environment, main, png

COMMANDS = ["index", "search", "encode", "tokenize", "info", "bench", "ask"]


def cosine(one, other):
    return sum(a * b for a, b in zip(one, other, strict=True))


class CommandLineTest(CommandTest):
    def test_help_and_version(self):
        for arguments in [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]:
            result = self.command(*arguments)
            self.assertIn("clipseek", result.out)
            self.assertEqual(result.err, "")

    def test_wrong_command_lines_exit_with_2(self):
        for arguments in [["find"], ["index"], ["search"], ["ask"], ["encode"], ["tokenize"], ["info", "--unknown"],
                          ["search", "-k", "0", "x"], ["index", "--jobs", "none", "."], ["search", "two", "words"],
                          ["encode", "--text"], ["bench", "--precision", "f64"]]:
            self.refused(*arguments, status=2)
        self.assertEqual(self.command(status=2).out, "")

    def test_int8_is_rejected_with_a_clear_message(self):
        self.refused("encode", "--precision", "int8", "--text", "a", status=2, names=["int8", "auto, f32 and bf16"])
        self.assertNotIn("int8", self.command("encode", "--help").out)

    def test_arguments_that_look_like_options(self):
        for arguments in [["index", "-dash.png"], ["tokenize", "-x"], ["search", "--blue", "sky"]]:
            self.refused(*arguments, status=2, names=["there is no option " + arguments[1], " goes after --"])
        self.assertEqual(self.command("tokenize", "--json", "--", "-x").json_lines()[0]["text"], "-x")

    def test_help_states_the_weight_of_a_picture_in_a_query(self):
        self.assertIn("added to QUERY with weight 1", " ".join(self.command("search", "--help").out.split()))

    def test_a_missing_model_is_named(self):
        self.refused("tokenize", "--model", "no-such-model", "a", names=["no-such-model"])
        self.refused("tokenize", "a", names=["elsewhere"], env=clean_environment(CLIPSEEK_MODEL="elsewhere"))

    def test_a_closed_pipe_ends_the_command_silently(self):
        text = "a dog " * 1000
        arguments = [PROGRAM, "encode", "--json", *(["--text", text] * 200)]
        process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment())
        process.stdout.read(1)
        process.stdout.close()
        self.assertEqual(process.stderr.read(), b"")
        process.stderr.close()
        process.wait()

    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            result = subprocess.run([PROGRAM, "tokenize", "a"], stdout=full, stderr=subprocess.PIPE, check=False,
                                    env=clean_environment())
        self.assertEqual(result.returncode, 1)
        self.assertIn(b"clipseek: error: cannot write the output", result.stderr)


class IndexTest(CommandTest):
    def test_counts(self):
        self.write("pictures/a.png", png())
        self.write("pictures/sub/b.PNG", png((0, 0, 200)))
        self.write("pictures/notes.txt", b"not a picture")
        self.write("pictures/.hidden.png", png((0, 200, 0)))
        counts = self.index("pictures")
        self.assertEqual(list(counts), ["added", "updated", "unchanged", "moved", "removed", "failed", "total", "seconds"])
        self.assertEqual((counts["added"], counts["total"], counts["failed"]), (2, 2, 0))
        self.assertGreater(counts["seconds"], 0)
        self.assertEqual([row[0] for row in self.rows()],
                         [str(self.folder / "pictures" / name) for name in ["a.png", "sub/b.PNG"]])

    def test_files_and_several_folders(self):
        self.write("one/a.png", png())
        self.write("two/b.png", png((0, 0, 200)))
        self.write("c.png", png((0, 200, 0)))
        self.assertEqual(self.index("one", "two", "c.png")["total"], 3)

    def test_the_summary_without_json(self):
        self.write("a.png", png())
        result = self.command("index", ".")
        self.assertIn("added 1,", result.out)
        self.assertIn("clip.db holds 1 picture\n", result.out)

    def test_database_by_option_environment_and_default(self):
        self.write("a.png", png())
        self.index("a.png")
        self.index("a.png", env=clean_environment(CLIPSEEK_DB="environment.db"))
        self.index("--db", "option.db", "a.png", env=clean_environment(CLIPSEEK_DB="other.db"))
        self.assertEqual({path.name for path in self.folder.glob("*.db")}, {"clip.db", "environment.db", "option.db"})

    def test_jobs(self):
        for i in range(20):
            self.write(f"{i}.png", png(note=str(i)))
        for jobs in ["1", "3"]:
            self.assertEqual(self.index("--db", jobs + ".db", "--jobs", jobs, ".")["added"], 20)


class SearchTest(CommandTest):
    def setUp(self):
        super().setUp()
        if not any(SAMPLES.glob("*")):
            self.skipTest("no samples/ in the source tree")
        self.index(SAMPLES)

    def test_json_results(self):
        hits = self.command("search", "--json", "-k", "5", "a red circle").json_lines()
        self.assertEqual([hit["rank"] for hit in hits], [1, 2, 3, 4, 5])
        self.assertEqual([list(hit) for hit in hits], [["rank", "score", "path", "strength"]] * 5)
        scores = [hit["score"] for hit in hits]
        self.assertEqual(scores, sorted(scores, reverse=True))
        self.assertTrue(all(-1 <= score <= 1 for score in scores))
        self.assertTrue(all(os.path.isabs(hit["path"]) and os.path.isfile(hit["path"]) for hit in hits))

    def test_ten_results_by_default(self):
        self.assertEqual(len(self.command("search", "--json", "a cat").json_lines()), 10)

    def test_a_picture_finds_itself(self):
        picture = next(path for path in sorted(SAMPLES.rglob("*")) if path.suffix == ".png")
        best = self.command("search", "--json", "-k", "1", "--image", picture).json_lines()[0]
        self.assertEqual(best["path"], str(picture))
        self.assertAlmostEqual(best["score"], 1, delta=0.01)

    def test_sentence_and_picture_have_equal_weights(self):
        picture = next(path for path in sorted(SAMPLES.rglob("*")) if path.suffix == ".png")
        hit = self.command("search", "--json", "-k", "1", "--image", picture, "a blue star").json_lines()[0]
        image, text, found = (self.feature(*arguments) for arguments in
                              [("--image", picture), ("--text", "a blue star"), ("--image", hit["path"])])
        query = [a + b for a, b in zip(image, text)]
        length = math.sqrt(sum(x * x for x in query))
        self.assertAlmostEqual(hit["score"], sum(a * b for a, b in zip(query, found)) / length, delta=0.01)

    def feature(self, *arguments):
        return self.command("encode", "--json", *arguments).json_lines()[0]["feature"]

    def test_a_pipe_gets_tab_separated_lines(self):
        result = self.command("search", "-k", "2", "a red circle")
        fields = [line.split("\t") for line in result.out.splitlines()]
        self.assertEqual([row[0] for row in fields], ["1", "2"])
        self.assertTrue(os.path.isfile(fields[0][2]))
        self.assertNotIn("\x1b", result.out)

    def test_paths_below_the_current_folder_are_printed_relative_to_it(self):
        result = self.command("search", "--db", self.folder / "clip.db", "-k", "1", "a cat", cwd=SAMPLES)
        self.assertFalse(os.path.isabs(result.out.split("\t")[2]))

    def test_searching_changes_nothing(self):
        before = self.rows("SELECT * FROM ClipItems ORDER BY id")
        self.command("search", "a cat")
        self.assertEqual(self.rows("SELECT * FROM ClipItems ORDER BY id"), before)


class EncodeTest(CommandTest):
    def test_features_are_unit_vectors_in_the_order_given(self):
        self.write("a.png", png())
        self.write("b.png", png((0, 0, 200)))
        lines = self.command("encode", "--json", "--image", "b.png", "--text", "a dog", "--image", "a.png",
                             "--text", "", "--image", "b.png").json_lines()
        self.assertEqual([(line["type"], line[line["type"]]) for line in lines],
                         [("image", "b.png"), ("text", "a dog"), ("image", "a.png"), ("text", ""), ("image", "b.png")])
        for line in lines:
            self.assertEqual(list(line), ["type", line["type"], "feature"])
            self.assertAlmostEqual(sum(x * x for x in line["feature"]), 1, delta=1e-4)
        self.assertAlmostEqual(cosine(lines[0]["feature"], lines[4]["feature"]), 1, delta=1e-5)  # batches differ
        self.assertNotEqual(lines[0]["feature"], lines[2]["feature"])

    def test_a_bad_picture_is_named_and_the_rest_printed(self):
        self.write("good.png", png())
        self.write("bad.png", b"\x89PNG\r\n\x1a\n nonsense")
        result = self.command("encode", "--json", "--image", "bad.png", "--image", "good.png", "--image", "none.png",
                              status=3)
        self.assertEqual([line["image"] for line in result.json_lines()], ["good.png"])
        self.assertEqual(len(result.err.splitlines()), 2)
        self.assertIn("bad.png", result.err)
        self.assertIn("none.png", result.err)

    def test_texts_that_a_shell_or_parser_might_split(self):
        texts = ["[a,b]", "{}", "-k", "--json", "a,b", "'quoted'", "two\nlines", "\u732b", "=x", "x=y"]
        arguments = [argument for text in texts for argument in ("--text", text)]
        lines = self.command("encode", "--json", *arguments).json_lines()
        self.assertEqual([line["text"] for line in lines], texts)

    def test_precisions_agree(self):
        arguments = ["encode", "--json", "--text", "a red circle", "--precision"]
        if " avx512f " not in Path("/proc/cpuinfo").read_text():
            self.assertIn("bf16 needs a CPU with AVX-512", self.command(*arguments, "bf16", status=1).err)
            return
        one, other = (self.command(*arguments, precision).json_lines() for precision in ["f32", "bf16"])
        self.assertGreater(cosine(one[0]["feature"], other[0]["feature"]), 0.99)

    def test_without_json(self):
        result = self.command("encode", "--text", "a dog")
        self.assertTrue(result.out.startswith("text  a dog  ["), result.out)


class TokenizeTest(CommandTest):
    def test_ids(self):
        texts = ["a dog", "", "A  DOG", "word " * 500, "[a,b]", "{}"]
        lines = self.command("tokenize", "--json", *texts).json_lines()
        self.assertEqual([line["text"] for line in lines], texts)
        self.assertEqual([list(line) for line in lines], [["text", "ids"]] * len(texts))
        start, *_, end = lines[0]["ids"]
        self.assertTrue(all(line["ids"][0] == start and line["ids"][-1] == end for line in lines))
        self.assertEqual(len(lines[1]["ids"]), 2)
        self.assertEqual(lines[0]["ids"], lines[2]["ids"])
        context = json.loads((TINY_MODEL / "config.json").read_text())["text_config"].get("max_position_embeddings", 77)
        self.assertEqual(len(lines[3]["ids"]), context)

    def test_bytes_that_are_not_utf8(self):
        result = self.command("tokenize", "--json", b"a\xff\xfeb")
        self.assertEqual(len(result.json_lines()), 1)

    def test_without_json(self):
        ids = self.command("tokenize", "--json", "a dog").json_lines()[0]["ids"]
        self.assertEqual(self.command("tokenize", "a dog").out, "a dog: " + " ".join(map(str, ids)) + "\n")


class InfoTest(CommandTest):
    def test_model_and_database(self):
        self.write("a.png", png())
        self.write("bad.png", b"nothing")
        self.index(".", status=3)
        info = self.command("info", "--json").json_lines()[0]
        self.assertEqual(info["database"]["items"], 1)
        self.assertEqual(info["database"]["failures"], 1)
        self.assertEqual(info["database"]["other_items"], 0)
        self.assertGreater(info["database"]["bytes"], 0)
        feature = self.command("encode", "--json", "--text", "a").json_lines()[0]["feature"]
        self.assertEqual(info["model"]["dimension"], len(feature))
        self.assertEqual(info["model"]["folder"], str(TINY_MODEL))
        self.assertEqual(set(info["model"]), {"name", "folder", "family", "input", "dimension", "precision", "workers",
                                              "fingerprint"})
        self.assertIn("pictures", self.command("info").out)

    def test_without_a_database(self):
        self.assertIsNone(self.command("info", "--json").json_lines()[0]["database"])
        self.refused("info", "--db", "none.db", names=["none.db"])
        self.assertEqual(list(self.folder.iterdir()), [])


class BenchTest(CommandTest):
    def test_figures(self):
        figures = self.command("bench", "--json", "--precision", "f32").json_lines()[0]
        self.assertEqual(list(figures), ["precision", "threads", "image_per_s_batch32", "image_ms_batch1", "text_ms",
                                         "gflops", "peak_gflops"])
        self.assertEqual(figures["precision"], "f32")
        self.assertTrue(all(figures[name] > 0 for name in list(figures)[1:]), figures)
        self.assertIn("GFLOP/s", self.command("bench").out)


if __name__ == "__main__":
    main()
