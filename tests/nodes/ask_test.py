#!/usr/bin/env python3
"""Pictures of a topic are stored in mode 2; `clipseek ask` finds them, and `clipseek serve` and the result folder show
their thumbnails."""

import shutil
import signal
import sqlite3
import struct
import subprocess

from node_support import LIMIT, NodeTest, main
from support import PROGRAM, SAMPLES
from web_support import Server

MAX_THUMBNAIL = 20_480


def jpeg_size(jpeg):
    """Width and height in the frame header of a JPEG (ITU-T T.81, B.2.2)."""
    at = 2
    while True:
        marker, length = struct.unpack(">HH", jpeg[at:at + 4])
        if marker in (0xFFC0, 0xFFC1, 0xFFC2):
            height, width = struct.unpack(">HH", jpeg[at + 5:at + 9])
            return width, height
        at += 2 + length


class Ask(NodeTest):
    def start_nodes(self, **parameters):
        self.start("clip_encode_image", feed_type=1, is_shared_mem_sub=0, **parameters)
        self.texts = self.start("clip_encode_text_node", feed_type="true")
        self.manage = self.start("clip_manage", mode=2)
        self.manage.wait_for("Serving, current num of database: 0.")

    def show(self, *names):
        """Publishes samples until each is stored."""
        pictures = self.folder / "pictures"
        pictures.mkdir()
        for name in names:
            shutil.copy(SAMPLES / name, pictures)
        camera = self.start("clip_publish_pictures", folder=pictures, rate="5.0")
        self.wait_until(lambda: self.manage.log().count("Stored keyframe ros:/image_raw/") >= len(names), "keyframes")
        self.assertEqual(camera.stop(signal.SIGINT), 0, camera.log())

    def ask(self, *arguments, **options):
        return self.command("ask", "--timeout", str(LIMIT), *arguments, env=self.environment, **options)

    def thumbnail_in_database(self, url):
        connection = sqlite3.connect(self.folder / "clip.db")
        self.addCleanup(connection.close)
        row = connection.execute("SELECT jpeg FROM ClipThumbnails t JOIN ClipItems i ON i.id = t.item_id WHERE i.url = ?",
                                 [url]).fetchone()
        return row and row[0]

    def test_what_a_camera_saw_is_found_and_seen(self):
        self.start_nodes()
        self.show("dog-face.jpg", "pizza.jpg")
        hits = self.ask("--json", "a dog").json_lines()
        self.assertGreaterEqual(len(hits), 2)
        self.assertEqual([hit["rank"] for hit in hits], list(range(1, len(hits) + 1)))
        self.assertEqual([hit["score"] for hit in hits], sorted((hit["score"] for hit in hits), reverse=True))
        best = hits[0]
        self.assertEqual(best["path"], "ros:/image_raw/" + best["stamp"])
        self.assertEqual(best["frame_id"], "camera")
        table = [line.split("\t") for line in self.ask("-k", "1", "a dog").out.splitlines()]
        self.assertEqual(table, [["1", f"{best['score']:.4f}", best["path"]]])

        jpeg = self.thumbnail_in_database(best["path"])
        self.assertLessEqual(len(jpeg), MAX_THUMBNAIL)
        width, height = jpeg_size(jpeg)
        self.assertTrue(100 < width <= 256, width)
        self.assertAlmostEqual(width / height, 16 / 9, delta=0.03)
        picture = self.folder / "result" / "0.jpg"
        self.assertFalse(picture.is_symlink())
        self.assertEqual(picture.read_bytes(), jpeg)
        self.check_server(best, jpeg)

    def check_server(self, best, jpeg):
        """`clipseek serve` shows the thumbnail while clip_manage has the database open."""
        server = Server(self.folder, "--db", "clip.db", "--results", "result")
        self.addCleanup(server.stop)
        hit = server.json("/api/search?q=a+dog&limit=1")["hits"][0]
        self.assertEqual((hit["path"], hit["topic"]), (best["path"], "/image_raw"))
        address = f"/api/items/{hit['id']}"
        for size in (256, 512, 1600):
            status, headers, body = server.get(f"{address}/thumbnail?size={size}")
            self.assertEqual((status, headers["Content-Type"], body), (200, "image/jpeg", jpeg))
        self.assertEqual(server.get(f"{address}/thumbnail?size=1600", If_None_Match=headers["ETag"])[0], 304)
        self.assertEqual(server.json(f"{address}/image", status=404)["error"]["code"], "no_file")
        self.assertIsNone(server.json(address)["format"])
        entry = server.json("/api/results")["entries"][0]
        self.assertEqual((entry["link"], entry["id"], entry["path"]), ("0.jpg", hit["id"], best["path"]))
        # The command makes the same result folder.
        self.command("search", "-k", "1", "--links", "links", "a dog")
        self.assertEqual((self.folder / "links" / "0.jpg").read_bytes(), jpeg)

    def test_without_thumbnails(self):
        self.start_nodes(thumbnail_bytes=0)
        self.show("dog-face.jpg")
        best = self.ask("--json", "a dog").json_lines()[0]
        self.assertIsNone(self.thumbnail_in_database(best["path"]))
        self.assertTrue((self.folder / "result" / "0.jpg").is_symlink())
        server = Server(self.folder, "--db", "clip.db", "--results", "result")
        self.addCleanup(server.stop)
        item = server.json("/api/results")["entries"][0]["id"]
        self.assertEqual(server.json(f"/api/items/{item}/thumbnail", status=404)["error"]["code"], "no_file")

    def test_errors_are_reported(self):
        self.refused("ask", "--timeout", "0.1", "a dog", env=self.environment,
                     names=["within 0.1 s", f"ROS domain {self.environment['ROS_DOMAIN_ID']}, namespace /:",
                            "clipseek launch clip_mode:=2"])
        self.start_nodes()
        self.refused("ask", "--timeout", str(LIMIT), "--image", "none.jpg", env=self.environment,
                     names=[self.folder / "none.jpg"])
        self.assertEqual(self.ask("--json", "a dog").out, "")
        self.assertIn("no pictures yet", self.ask("a dog").err)
        (self.folder / "bin").mkdir()
        alone = shutil.copy(PROGRAM, self.folder / "bin")
        done = subprocess.run([alone, "ask", "a dog"], cwd=self.folder, env=self.environment, capture_output=True,
                              timeout=LIMIT, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"install the package clipseek-ros2", done.stderr)

    def test_asks_a_manager_in_a_namespace(self):
        self.refused("ask", "--timeout", "0.1", "--namespace", "left", "a dog", env=self.environment,
                     names=["namespace /left:", "--namespace"])
        self.refused("ask", "--namespace", "a b", "a dog", env=self.environment, names=["a b"], status=2)
        namespace = ("-r", "__ns:=/left")
        self.start("clip_encode_image", *namespace, feed_type=1, is_shared_mem_sub=0)
        self.start("clip_encode_text_node", *namespace, feed_type="true")
        self.start("clip_manage", *namespace, mode=2).wait_for("Serving, current num of database: 0.")
        for name in ("left", "/left"):
            self.assertIn("no pictures yet", self.ask("--namespace", name, "a dog").err)

    def test_ctrl_c_cancels_the_goal(self):
        self.start_nodes()
        self.assertEqual(self.texts.stop(signal.SIGTERM), 0)
        process = subprocess.Popen([PROGRAM, "ask", "--timeout", str(LIMIT), "a dog"], cwd=self.folder,
                                   env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.manage.wait_for("Waiting for the server of the action clip_text_action")
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=LIMIT)
        self.assertEqual((process.returncode, out), (1, b""))
        self.assertIn(b"stopped before the answer arrived", err)
        self.manage.wait_for("stopped while waiting for the action clip_text_action")


if __name__ == "__main__":
    main()
