"""The HTTP API as docs/http-api.md describes it: every curl example of that page, and the behaviour in its tables."""

import contextlib
import contextlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
import unittest

from support import SAMPLES, SOURCE, TIMEOUT, clean_environment, png
from web_support import WebTest, form

NAMES = ("rocket.jpg", "two-red-hearts-on-white.jpg", "fire.tiff", "one-dog-on-blue.webp", "chessboard.webp",
         "sunflower.heic", "cat.png", "guitar.jpg", "one-red-circle-on-white.gif", "butterfly.avif", "house.tiff")


class Api(WebTest):
    def setUp(self):
        super().setUp()
        (self.folder / "samples").mkdir()
        for name in NAMES:
            shutil.copy2(SAMPLES / name, self.folder / "samples" / name)

    def library(self, *arguments, **environment):
        self.index("samples")
        return self.serve("--root", "samples", *arguments, **environment)

    @unittest.skipUnless(shutil.which("curl"), "curl is not installed")
    def test_every_example_of_the_documentation(self):
        self.index("samples")
        self.command("search", "--links", "result", "-k", "3", "a rocket")
        server = self.serve("--root", "samples", "--results", "result")
        page = (SOURCE / "docs" / "http-api.md").read_text(encoding="utf-8")
        examples = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
        self.assertGreater(len(examples), 15)
        for line in examples:
            with self.subTest(line):
                self.assertTrue(line.startswith("curl -fsS"), line)
                command = line.replace("127.0.0.1:8000", f"127.0.0.1:{server.port}")
                process = subprocess.run(["sh", "-c", command], cwd=self.folder, env=clean_environment(),
                                         capture_output=True, timeout=TIMEOUT, check=False)
                self.assertEqual(process.returncode, 0, process.stderr.decode())
                if "/api/" in line and "-o " not in line and "/events" not in line:
                    json.loads(process.stdout)
                if "/api/index" in line:
                    self.finish_job(server, 1)

    def test_search_finds_and_pages(self):
        server = self.library()
        whole = server.json("/api/search?q=two+red+hearts&limit=11")
        self.assertEqual([hit["rank"] for hit in whole["hits"]], list(range(1, 12)))
        self.assertEqual(whole["hits"][0]["name"], "two-red-hearts-on-white.jpg")
        self.assertEqual(whole["terms"], [{"kind": "text", "weight": 1, "text": "two red hearts", "source": "two red hearts"}])
        self.assertEqual((whole["total"], whole["count"], whole["more"]), (11, 11, False))
        scores = [hit["score"] for hit in whole["hits"]]
        self.assertEqual(scores, sorted(scores, reverse=True))
        order = [("strong", "fair", "weak").index(hit["strength"]) for hit in whole["hits"]]
        self.assertEqual(order, sorted(order))
        self.assertEqual(whole["verdict"], whole["hits"][0]["strength"])
        page = server.json("/api/search?q=two+red+hearts&limit=4&offset=3")
        self.assertEqual(page["hits"], whole["hits"][3:7])
        self.assertEqual((page["offset"], page["count"], page["more"]), (3, 4, True))
        self.assertEqual((page["verdict"], page["version"]), (whole["verdict"], whole["version"]))

    def test_the_command_line_finds_the_same(self):
        server = self.library()
        for query in ("a cat", "2*a rocket + samples/fire.tiff - \"a dog\"", "item:3 - 0.5*blue"):
            lines = self.command("search", "--json", "-k", "5", query).json_lines()
            parts = [("q", query), ("limit", "5")]
            if "fire" in query:
                parts.append(("it", "samples/fire.tiff", (SAMPLES / "fire.tiff").read_bytes()))
            status, answer = server.post_form("/api/search", *parts)
            self.assertEqual(status, 200, answer)
            self.assertEqual([hit["path"] for hit in answer["hits"]], [line["path"] for line in lines])
            self.assertEqual([hit["strength"] for hit in answer["hits"]], [line["strength"] for line in lines])
            for hit, line in zip(answer["hits"], lines):
                self.assertAlmostEqual(hit["score"], line["score"], places=5)

    def test_uploads_are_found_again_by_their_token(self):
        server = self.library()
        rocket = (SAMPLES / "rocket.jpg").read_bytes()
        status, answer = server.post_form("/api/search", ("it", "x.jpg", rocket))
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["hits"][0]["name"], "rocket.jpg")
        self.assertAlmostEqual(answer["hits"][0]["score"], 1, places=4)
        token = answer["uploads"]["it"]
        self.assertRegex(token, "^upload:[0-9a-f]{32}$")
        again = server.json(f"/api/search?q={token}")
        self.assertEqual(again["hits"], answer["hits"])
        self.assertEqual(again["terms"][0]["upload"], token)
        item = answer["hits"][0]["id"]
        self.assertEqual(server.json(f"/api/search?q=item:{item}")["hits"][0]["id"], item)

    def test_pictures(self):
        server = self.library()
        items = server.json("/api/items?limit=1000")
        self.assertEqual((items["total"], items["count"], items["more"]), (11, 11, False))
        ids = [item["id"] for item in items["items"]]
        self.assertEqual(ids, sorted(ids, reverse=True))
        for item in items["items"]:
            with self.subTest(item["name"]):
                described = server.json(f"/api/items/{item['id']}")
                extension = item["name"].rsplit(".", 1)[1]
                image_format = {"jpg": "jpeg"}.get(extension, extension)
                self.assertEqual(described, {**item, "format": image_format})
                status, headers, image = server.get(f"/api/items/{item['id']}/image")
                self.assertEqual((status, headers["Content-Type"]), (200, "image/" + image_format))
                self.assertEqual(image, (SAMPLES / item["name"]).read_bytes())
                self.assertIn("sandbox", headers["Content-Security-Policy"])
                self.assert_thumbnail(server, item)

    def assert_thumbnail(self, server, item):
        for side in (256, 512, 1600):
            path = f"/api/items/{item['id']}/thumbnail?size={side}"
            status, headers, image = server.get(path)
            self.assertEqual((status, headers["Content-Type"]), (200, "image/jpeg"))
            width, height = jpeg_size(image)
            self.assertEqual(max(width, height), min(side, max(item["width"], item["height"])))
            self.assertAlmostEqual(width / height, item["width"] / item["height"], delta=0.02)
            tag = headers["ETag"]
            self.assertEqual(server.get(path, If_None_Match=tag)[0], 304)
            self.assertEqual(server.get(path, If_None_Match='"other"')[0], 200)
            self.assertEqual(server.request("HEAD", path)[2], b"")

    def test_index_job_with_its_failures(self):
        self.write("samples/broken.jpg", (SAMPLES / "rocket.jpg").read_bytes()[:3000])
        server = self.serve("--root", "samples")  # creates the database
        self.assertEqual(server.json("/api/search?q=a+cat")["verdict"], "none")
        folders = server.json("/api/folders")["folders"]
        self.assertEqual([folder["name"] for folder in folders], ["samples"])
        status, headers, text = server.request("POST", "/api/index", json.dumps({"path": folders[0]["path"]}),
                                               {"Content-Type": "application/json"})
        self.assertEqual((status, headers["Location"]), (202, "/api/jobs/1"), text)
        events = self.events(server, "/api/jobs/1/events")
        self.assertEqual(events[-1][0], "end")
        self.assertEqual([name for name, _ in events].count("failure"), 1)
        self.assertEqual(events[-1][1]["report"]["added"], 11)
        self.assertEqual(events[-1][1]["state"], "done")
        job = server.json("/api/jobs/1")["job"]
        self.assertEqual(job["failures"][0]["code"], "corrupt")
        self.assertTrue(job["failures"][0]["path"].endswith("broken.jpg"))
        self.assertEqual(server.json("/api/search?q=a+rocket")["total"], 11)  # immediately after the end
        status = server.json("/api/status")
        self.assertEqual((status["library"]["items"], status["last_job"]["id"], status["job"]), (11, 1, None))

    def events(self, server, path, last=None):
        _, headers, text = server.request("GET", path, headers={"Last-Event-ID": last} if last else {})
        self.assertEqual(headers["Content-Type"], "text/event-stream")
        blocks = [block for block in text.decode().split("\n\n") if block and not block.startswith(":")]
        found = []
        for block in blocks:
            fields = dict(line.split(": ", 1) for line in block.splitlines())
            found.append((fields["event"], json.loads(fields["data"])))
        return found

    def test_events_resume_after_a_disconnect(self):
        self.write("samples/broken.jpg", b"\xff\xd8\xff nothing")
        server = self.serve("--root", "samples")
        server.json("/api/index", "POST", {}, status=202)
        self.finish_job(server, 1)
        names = [name for name, _ in self.events(server, "/api/jobs/1/events")]
        self.assertEqual(names, ["failure", "end"])
        self.assertEqual([name for name, _ in self.events(server, "/api/jobs/1/events", "1")], ["end"])

    def test_result_folder(self):
        self.index("samples")
        self.command("search", "--links", "result", "-k", "2", "a rocket")
        server = self.serve("--results", "result")
        results = server.json("/api/results")
        self.assertEqual([entry["link"] for entry in results["entries"]], ["0.jpg", "1.jpg"])
        self.assertEqual(results["entries"][0]["name"], "rocket.jpg")
        item = results["entries"][0]["id"]
        self.assertEqual(server.get(f"/api/items/{item}/thumbnail")[0], 200)
        tag = server.get("/api/results")[1]["ETag"]
        self.assertEqual(server.get("/api/results", If_None_Match=tag)[0], 304)
        (self.folder / "result" / "7.jpg").symlink_to("/etc/passwd")
        self.assertEqual(server.get("/api/results", If_None_Match=tag)[0], 200)
        last = server.json("/api/results")["entries"][-1]
        self.assertEqual((last["rank"], last["id"]), (3, None))

    def test_vectors(self):
        server = self.library()
        answer = server.json("/api/encode", "POST", {"text": "a dog"})
        expected = self.command("encode", "--json", "--text", "a dog").json_lines()[0]["feature"]
        self.assertEqual(answer["dimension"], len(expected))
        for a, b in zip(answer["feature"], expected):
            self.assertAlmostEqual(a, b, places=5)
        status, answer = server.post_form("/api/encode", ("image", "c.png", (SAMPLES / "cat.png").read_bytes()))
        self.assertEqual((status, answer["type"], answer["image"]), (200, "image", "c.png"), answer)
        expected = self.command("encode", "--json", "--image", SAMPLES / "cat.png").json_lines()[0]["feature"]
        for a, b in zip(answer["feature"], expected):
            self.assertAlmostEqual(a, b, places=5)

    def test_errors_have_stable_codes(self):
        server = self.library()
        for path, status, code in (("/api/search", 400, "invalid_argument"), ("/api/search?q=", 400, "bad_query"),
                                   ("/api/search?q=a+%2B+", 400, "bad_query"), ("/api/search?q=0*a", 400, "bad_query"),
                                   ("/api/search?q=a&limit=0", 400, "invalid_argument"),
                                   ("/api/search?q=a&limit=1001", 400, "invalid_argument"),
                                   ("/api/search?q=a&limit=x", 400, "invalid_argument"),
                                   ("/api/search?q=a&offset=9990", 400, "invalid_argument"),
                                   ("/api/search?q=item:999", 404, "unknown_picture"),
                                   ("/api/search?q=upload:none", 404, "unknown_picture"),
                                   ("/api/search?q=photo.jpg", 404, "unknown_picture"),
                                   ("/api/items/1/thumbnail?size=300", 400, "invalid_argument"),
                                   ("/api/results", 404, "not_found"), ("/api/jobs/1", 404, "not_found"),
                                   ("/api/jobs/1/events", 404, "not_found"), ("/api/nothing", 404, "not_found")):
            with self.subTest(path):
                self.assertEqual(server.json(path, status=status)["error"]["code"], code)
        self.assertEqual(server.json("/api/search", "DELETE", status=405)["error"]["code"], "method_not_allowed")
        self.assertEqual(server.json("/api/encode", "POST", b"text", {"Content-Type": "text/plain"}, status=415)["error"]["code"],
                         "unsupported")
        self.assertEqual(server.json("/api/encode", "POST", b"{", {"Content-Type": "application/json"}, status=400)["error"]["code"],
                         "bad_request")
        body, content_type = form(("image", "x.png", b"not a picture"))
        self.assertEqual(server.json("/api/encode", "POST", body, {"Content-Type": content_type}, status=415)["error"]["code"],
                         "unsupported")
        body, content_type = form(("image", "x.png", png()[:60]))
        self.assertEqual(server.json("/api/search", "POST", body, {"Content-Type": content_type}, status=422)["error"]["code"],
                         "corrupt")

    def test_a_database_of_another_model_is_reported(self):
        self.index("samples")
        with sqlite3.connect(self.folder / "clip.db") as database:
            database.execute("UPDATE ClipModels SET fingerprint = 'another'")
        database.close()
        server = self.serve()
        self.assertEqual(server.json("/api/search?q=a+cat", status=409)["error"]["code"], "model_mismatch")

    def test_a_relative_url_of_hobot_clip_is_a_file(self):
        """hobot_clip stores the urls that its parameter storage_folder gives; only "ros:" marks a picture of a topic."""
        self.index("samples")
        with contextlib.closing(sqlite3.connect(self.folder / "clip.db")) as database:
            database.execute("UPDATE ClipItems SET url = substr(url, ?)", [len(os.fspath(self.folder)) + 2])
            database.execute("INSERT INTO ClipItems(type, url, feature, model_id, width, height, size, mtime_ns) "
                             "SELECT type, 'samples/gone.jpg', feature, model_id, 1, 1, 1, 1 FROM ClipItems LIMIT 1")
            database.commit()
        server = self.serve()
        gone, *items = server.json("/api/items")["items"]
        for item in items:
            self.assertTrue(item["path"].startswith("samples/"), item["path"])
            self.assertNotIn("topic", item)
            address = f"/api/items/{item['id']}"
            status, headers, body = server.get(f"{address}/image")
            self.assertEqual((status, body), (200, (self.folder / item["path"]).read_bytes()))
            self.assertEqual(server.get(f"{address}/thumbnail")[0], 200)
            self.assertIsNotNone(server.json(address)["format"])
        self.assertEqual(server.json(f"/api/items/{gone['id']}/thumbnail", status=404)["error"]["code"], "file_gone")

    def test_metrics_and_health(self):
        server = self.library()
        server.json("/api/search?q=a+cat")
        self.assertEqual(server.get("/healthz")[2], b"ok\n")
        text = server.get("/metrics")[2].decode()
        self.assertIn('clipseek_http_requests_total{route="GET /api/search",status="200"} 1\n', text)
        self.assertIn("clipseek_library_items 11\n", text)
        for line in text.splitlines():
            self.assertRegex(line, r"^(# (HELP|TYPE) .+|[a-z_]+(\{.*\})? [0-9.e+-]+)$")


def jpeg_size(data):
    """Returns width and height from the frame header."""
    at = 2
    while not 0xC0 <= data[at + 1] <= 0xC2:
        at += 2 + int.from_bytes(data[at + 2:at + 4], "big")
    return int.from_bytes(data[at + 7:at + 9], "big"), int.from_bytes(data[at + 5:at + 7], "big")


if __name__ == "__main__":
    unittest.main()
