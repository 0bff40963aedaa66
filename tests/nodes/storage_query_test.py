#!/usr/bin/env python3
"""The three nodes as processes: they store a folder and answer a query with the same ranking as `clipseek search`."""

import json
import os
import re
import shutil
import signal
import struct

from node_support import NodeTest, main
from support import SAMPLES, png

PICTURES = ["cat.png", "dog-face.jpg", "banana.gif", "automobile.webp", "one-dog-on-blue.webp", "house.tiff",
            "face.bmp", "pizza.jpg"]


class StorageAndQuery(NodeTest):
    def setUp(self):
        super().setUp()
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        for name in PICTURES:
            shutil.copy(SAMPLES / name, self.pictures)
            self.make_old(name)

    def make_old(self, name):
        """Sets an old modification time, because the next run reads a file again that has just been written."""
        os.utime(self.pictures / name, (1_600_000_000, 1_600_000_000))

    def store(self):
        return self.run_node("clip_manage", storage_folder=self.pictures)

    def test_two_terminals(self):
        images = self.start("clip_encode_image", feed_type=1)
        texts = self.start("clip_encode_text_node", feed_type="true")
        self.write("pictures/bad.jpg", b"no picture at all")
        self.make_old("bad.jpg")
        log = self.store()
        for line in ["Action client recved goal", "Action client got lock", "Sending goal, type: 1, urls size: ",
                     "Get Result errorcode: ", "Storage finish, current num of database: 8.",
                     "added 8, updated 0, moved 0, unchanged 0, removed 0, failed 1", "bad.jpg"]:
            self.assertIn(line, log)
        images.wait_for("Received goal request with type: 1")
        images.wait_for("Goal complete, task_result: ")

        # Only new and changed files are sent to the encoder.
        log = self.store()
        self.assertNotIn("Sending goal", log)
        self.assertIn("unchanged 8", log)
        self.write("pictures/new.png", png())
        self.write("pictures/house.tiff", (SAMPLES / "key.jpg").read_bytes())
        log = self.store()
        self.assertIn("added 1, updated 1", log)

        log = self.run_node("clip_manage", mode=1, text="a dog", topk=4)
        texts.wait_for("Request texts: ['a dog']")
        texts.wait_for("Clip Encode Text Node work success.")
        # In hobot_clip's order.
        places = [log.find(line) for line in [
            "Sending goal, type: 0, texts: a dog", "Query start, num of database: 9.", "Query finished! Cost ",
            "Query Result ", "Get Result errorcode: 0"]]
        self.assertNotIn(-1, places, log)
        self.assertEqual(places, sorted(places), log)
        expected = self.command("search", "--json", "-k", "4", "a dog").json_lines()
        for hit in expected:
            del hit["strength"]  # only the command prints it
        results = json.loads((self.folder / "result" / "results.json").read_text())
        self.assertEqual(results["text"], "a dog")
        self.assertEqual(results["results"], expected)
        logged = re.findall(r"Query Result (.*), similarity: (-?\d\.\d{6})$", log, re.MULTILINE)
        self.assertEqual([path for path, _ in logged], [hit["path"] for hit in expected])
        for rank, hit in enumerate(expected):
            self.assertEqual(os.readlink(self.folder / "result" / f"{rank}.jpg"), hit["path"])
            self.assertAlmostEqual(float(logged[rank][1]), hit["score"], places=5)
        for node, number in ((images, signal.SIGINT), (texts, signal.SIGTERM)):
            self.assertEqual(node.stop(number), 0, node.log())

    def test_a_server_in_a_namespace(self):
        images = self.start("clip_encode_image", "-r", "__ns:=/other", feed_type=1, is_sync_mode=1)
        log = self.run_node("clip_manage", storage_folder=self.pictures, image_actions="[/other/clip_image_action]")
        self.assertIn("Storage finish, current num of database: 8.", log)
        self.assertIn("[other.encode_image_server]: Executing goal", images.log())

    def test_local_modes(self):
        log = self.run_node("clip_encode_image", image=self.pictures / "cat.png")
        self.assertIn("360 x 360, feature: ", log)
        log = self.run_node("clip_encode_text_node", texts="['../a dog', a cat]", dump_result="true")
        self.assertIn("text: ../a dog, feature: ", log)
        features = self.command("encode", "--json", "--text", "../a dog", "--text", "a cat").json_lines()
        for name, expected in zip(["0____a_dog.bin", "1_a_cat.bin"], features):
            numbers = [number for (number,) in struct.iter_unpack("<f", (self.folder / name).read_bytes())]
            self.assertEqual(len(numbers), len(expected["feature"]))
            for ours, theirs in zip(numbers, expected["feature"]):
                self.assertAlmostEqual(ours, theirs, places=5)

    def test_errors_are_reported(self):
        self.assertIn("none.jpg", self.run_node("clip_encode_image", status=1, image="none.jpg"))
        self.assertIn("no-model", self.run_node("clip_encode_text_node", status=1, model_file_name="no-model"))
        self.assertIn("clip.db", self.run_node("clip_manage", status=1, mode=1))
        log = self.run_node("clip_manage", status=1, storage_folder=self.pictures, server_timeout="1.0")
        self.assertIn("no server of the action clip_image_action was found within 1 s", log)
        self.assertIn("mode", self.run_node("clip_manage", status=2, mode=7))

    def test_an_error_of_the_start_in_service_mode_is_logged_once(self):
        for program, parameters in (("clip_encode_image", {"feed_type": 1, "model_file_name": "no-model"}),
                                    ("clip_encode_text_node", {"feed_type": "true", "model_file_name": "no-model"})):
            log = self.run_node(program, status=1, **parameters)
            self.assertEqual(len(re.findall(r"\[(?:ERROR|FATAL)\]", log)), 1, log)
            self.assertRegex(log, r"\[FATAL\].*no-model")

    def test_a_result_folder_that_cannot_be_written_is_logged_once(self):
        self.start("clip_encode_image", feed_type=1)
        self.start("clip_encode_text_node", feed_type="true")
        self.store()
        self.write("result", b"a file")
        log = self.run_node("clip_manage", status=1, mode=1, text="a dog")
        self.assertEqual(len(re.findall(r"\[(?:ERROR|FATAL)\].*result", log)), 1, log)
        self.assertIn("Query Result ", log)

    def test_help_and_version(self):
        for program, parameter in (("clip_encode_image", "is_shared_mem_sub (default: 1)"),
                                   ("clip_encode_text_node", "feed_type (default: false)"),
                                   ("clip_manage", "db_file (default: clip.db)"),
                                   ("clip_publish_pictures", "rate (default: 10)")):
            text = self.run_node(program, "--", "--help")
            self.assertTrue(text.startswith(f"{program}: "), text)
            self.assertIn(f"\n  {parameter}\n      ", text)
            self.assertRegex(self.run_node(program, "--", "--version"), rf"^{program} \d+\.\d+\.\d+\n$")
        self.assertFalse((self.folder / "clip.db").exists())

    def test_sigint_stops_a_node_that_started_with_sigint_ignored(self):
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # as a shell does for a program in the background
        self.addCleanup(signal.signal, signal.SIGINT, before)
        texts = self.start("clip_encode_text_node", feed_type="true")
        texts.wait_for("has been started")
        self.assertEqual(texts.stop(signal.SIGINT), 0, texts.log())

    def test_a_wait_for_a_server_ends_with_a_signal(self):
        manage = self.start("clip_manage", storage_folder=self.pictures)
        manage.wait_for("Waiting for the server of the action clip_image_action")
        self.assertEqual(manage.stop(signal.SIGTERM), 1, manage.log())
        self.assertIn("stopped while waiting", manage.log())

    def test_serve_mode_that_is_stopped_while_it_starts_ends_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            manage = self.start("clip_manage", mode=2)
            manage.wait_for("Waiting for the server of the action")
            self.assertEqual(manage.stop(number), 0, manage.log())
            self.assertNotRegex(manage.log(), r"\[(?:ERROR|FATAL)\]")


if __name__ == "__main__":
    main()
