"""A wrong or hostile hub and a full disk cause a clear error; no good file is lost and nothing outside the cache is written."""

import json
import os
import shutil
import subprocess
import threading

from hub_server import Repository, answer, cut, send, stall
from model_support import FILES, NAME, NEEDED, WEIGHTS, ModelTest
from support import PROGRAM, TIMEOUT, main


class WrongContentTest(ModelTest):
    def assert_nothing_of_the_weights(self):
        blobs = {path.name for path in (self.model / "blobs").iterdir()}
        self.assertNotIn(self.repository.digest("model.safetensors"), blobs)
        self.assertFalse((self.snapshot / "model.safetensors").exists())

    def test_a_wrong_checksum(self):
        wrong = WEIGHTS[:-1] + b"!"
        self.hub.fail("cdn", "model.safetensors", send(wrong))
        self.pull_refused("model.safetensors", "checksum", self.repository.digest("model.safetensors"))
        self.assert_nothing_of_the_weights()
        self.assertEqual((self.snapshot / "vocab.json").read_bytes(), FILES["vocab.json"])
        self.pull()
        self.assert_whole()

    def test_a_wrong_checksum_leaves_the_earlier_version(self):
        self.pull()
        before = {path: path.read_bytes() for path in self.snapshot.iterdir()}
        self.repository = self.hub.repositories[NAME] = Repository({**FILES, "model.safetensors": WEIGHTS + b"2"},
                                                                   commit="d" * 40)
        self.hub.fail("cdn", "model.safetensors", send(WEIGHTS + b"3"))
        self.pull_refused("checksum", "unchanged")
        self.assertEqual({path: path.read_bytes() for path in self.snapshot.iterdir()}, before)
        self.assertEqual(self.model_command("path", NAME).out, f"{self.snapshot}\n")
        self.assertEqual(self.model_command("verify", NAME).status, 0)

    def test_a_wrong_small_file(self):
        self.hub.fail("hub", "vocab.json", lambda handler: False, send(b'{"a": 1}'))
        self.pull_refused("vocab.json", "checksum")

    def test_another_length_than_stated(self):
        self.hub.fail("cdn", "model.safetensors", send(WEIGHTS[:-7]))
        self.pull_refused("model.safetensors", str(len(WEIGHTS)), str(len(WEIGHTS) - 7))
        self.hub.fail("cdn", "model.safetensors", send(WEIGHTS + b"more"))
        self.pull_refused("model.safetensors", str(len(WEIGHTS) + 4))
        self.assert_nothing_of_the_weights()

    def test_more_than_stated_without_a_length(self):
        def endless(handler):
            handler.send_response(200)
            handler.send_header("Connection", "close")
            handler.end_headers()
            for _ in range(10):
                handler.wfile.write(WEIGHTS)
            handler.close_connection = True

        self.hub.fail("cdn", "model.safetensors", endless)
        self.pull_refused("model.safetensors", "more than")
        self.assertLessEqual(self.partial().stat().st_size, len(WEIGHTS))

    def test_another_range_than_asked_for(self):
        shifted = {"Content_Range": f"bytes 5-{len(WEIGHTS) - 1}/{len(WEIGHTS)}"}
        self.hub.fail("cdn", "model.safetensors", cut(WEIGHTS, 1000), send(WEIGHTS[5:], 206, **shifted))
        self.pull_refused("byte 5")

    def test_a_missing_file(self):
        self.hub.fail("hub", "merges.txt", answer(404, X_Error_Code="EntryNotFound"))
        self.pull_refused("merges.txt", "EntryNotFound")


class HostileHubTest(ModelTest):
    def listing(self, **changes):
        self.repository.listing = self.repository.list_files(**changes)

    def siblings(self, change):
        entries = [self.repository.sibling(name) for name in sorted(FILES)]
        change(entries)
        self.listing(siblings=entries)

    def test_file_names_outside_the_snapshot(self):
        evil = ["../../../evil", "/tmp/evil", "..", ".", "", "config.json/../../evil", "model.safetensors\0", "a" * 9999,
                "..\\evil", "refs/../model.safetensors", "\u202egnp.exe"]
        self.siblings(lambda entries: entries.extend({"rfilename": name, "size": 4, "blobId": "e" * 40} for name in evil))
        self.pull()
        self.assert_whole()

    def test_an_invalid_commit_or_checksum(self):
        for commit in ["../../../evil", "main", "C" * 40, "c" * 39, 7, None]:
            self.listing(sha=commit)
            self.pull_refused("sha")
        for digest in ["../../../evil", "e" * 63, "", "z" * 64, 7, None]:
            def change(entries, digest=digest):
                next(entry for entry in entries if "lfs" in entry and "model" in entry["rfilename"])["lfs"]["sha256"] = digest
            self.siblings(change)
            self.pull_refused("model.safetensors")
        self.assertEqual(os.listdir(self.folder), [])

    def test_weights_without_a_sha256(self):
        self.siblings(lambda entries: [entry.pop("blobId") for entry in entries])
        self.pull_refused("config.json")

    def test_impossible_sizes(self):
        for size in [-1, 2**62, 10**12, "many", None, 1.5]:
            def change(entries, size=size):
                for entry in entries:
                    entry["size"] = size
            self.siblings(change)
            self.pull_refused(self.hub.url())
        self.assertFalse(self.cache.exists())

    def test_an_invalid_listing(self):
        deep = b"[" * 100_000
        for body in [b"", b"<html>sign in</html>", b"[]", b"{}", b'{"sha": 1}', deep, b'{"sha":"%s","siblings":{}}' % (b"c" * 40),
                     b'{"sha":"%s","siblings":[1,null,{}]}' % (b"c" * 40)]:
            self.repository.listing = body or b" "
            self.pull_refused(self.hub.url())

    def test_an_endless_listing(self):
        self.repository.listing = b'{"a":"' + b"x" * (20 << 20) + b'"}'
        self.pull_refused("too long")

    def test_endless_headers(self):
        def endless(handler):
            handler.send_response(200)
            for i in range(20_000):
                handler.send_header(f"X-{i}", "x" * 100)
            handler.end_headers()

        self.hub.fail("hub", "listing", endless)
        self.pull_refused("headers")

    def test_endless_redirects_and_other_protocols(self):
        def around(handler):
            handler.hub.fail("hub", "config.json", around)
            handler.status(302, {"Location": handler.path})

        self.hub.fail("hub", "config.json", around)
        self.pull_refused("redirects")
        self.hub.faults.clear()
        for target in ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/", "dict://127.0.0.1/"]:
            self.hub.fail("hub", "config.json", answer(302, Location=target))
            self.pull_refused("config.json")


class NotAModelTest(ModelTest):
    def refused(self, files, *names):
        self.repository = self.hub.repositories[NAME] = Repository(files)
        self.pull_refused(*names)
        self.assertEqual([request for request in self.hub.requests if "resolve" in request[1] and ".json" not in request[1]], [])

    def test_only_a_pickle(self):
        self.refused({"config.json": FILES["config.json"], "pytorch_model.bin": b"x"}, "pickle", f"{NAME}@refs/pr/N")

    def test_weights_in_several_files(self):
        self.refused({"config.json": FILES["config.json"], "model.safetensors.index.json": b"{}",
                      "model-00001-of-00002.safetensors": b"x"}, "several files")

    def test_no_model_at_all(self):
        self.refused({"README.md": b"x"}, "no model", "config.json")

    def test_another_architecture_is_named_before_its_weights_are_fetched(self):
        for model_type in ["llama", "siglip2", None]:
            config = {"model_type": model_type} if model_type else {}
            self.refused({**FILES, "config.json": json.dumps(config).encode()}, model_type or "model_type", "siglip")

    def test_a_repository_that_is_not_there(self):
        self.pull_refused("404", "owner/other", model="owner/other")

    def test_names_that_are_none(self):
        self.assertIn("clip-vit-base-patch32", self.pull_refused("clip-vit-base-patch23", model="clip-vit-base-patch23"))
        for name in ["a/b@../c", "a/b@-x", "../b@x", "a/b@", "a/b@x y", "-a/b@c"]:
            self.model_command("pull", name, status=None if name.startswith("-") else 2)
        for name in ["../../etc", "a/../b", "a--b/c", "/etc/passwd", "a/b/c", "a", ""]:
            result = self.model_command("pull", name, status=None)
            self.assertIn(result.status, (1, 2), name)
        self.assertEqual((self.hub.requests, os.listdir(self.folder)), ([], []))


MOUNT = ["unshare", "--user", "--map-root-user", "--mount"]


class FullDiskTest(ModelTest):
    """The cache is on a small disk: a tmpfs in a mount namespace."""

    def setUp(self):
        super().setUp()
        probe = [*MOUNT, "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(self.folder)]
        if not shutil.which("unshare") or subprocess.run(probe, capture_output=True, check=False).returncode != 0:
            self.skipTest("this process may not mount a tmpfs, which the test of a full disk needs")
        os.makedirs(self.cache)

    def run_on_small_disk(self, megabytes, script):
        """Runs the script with a disk of that size as the cache. Returns its status and output."""
        start = f"mount -t tmpfs -o size={megabytes}m tmpfs {self.cache} && {script}"
        process = subprocess.run([*MOUNT, "sh", "-c", start], cwd=self.folder, env=self.environment(), timeout=TIMEOUT,
                                 capture_output=True, check=False)
        return process.returncode, process.stdout.decode(), process.stderr.decode()

    def test_too_little_space_is_reported_before_the_download(self):
        status, out, err = self.run_on_small_disk(2, f"{PROGRAM} model pull {NAME}")
        self.assertEqual((status, out), (1, ""))
        self.assertIn("no space for owner/name", err)
        self.assertEqual(self.hub.asked("hub", "config.json"), [])

    def test_a_disk_that_fills_up_keeps_the_downloaded_files(self):
        self.hub.fail("cdn", "model.safetensors", stall(WEIGHTS, 1_000_000))
        go = self.folder / "go"
        waiter = threading.Thread(target=lambda: (self.wait_for(go.exists), self.hub.released.set()))
        waiter.start()
        script = f"""
            {PROGRAM} model pull {NAME} & pull=$!
            while ! [ -s {self.partial()} ]; do sleep 0.05; done
            cat /dev/zero >{self.cache}/filler 2>/dev/null
            touch {go}
            wait $pull; echo "status $?"
            ls {self.model}/blobs
            rm {self.cache}/filler
            {PROGRAM} model pull {NAME} >/dev/null; echo "then $?"
            cmp {self.snapshot}/model.safetensors {self.folder}/weights && echo same"""
        (self.folder / "weights").write_bytes(WEIGHTS)
        status, out, err = self.run_on_small_disk(6, script)
        waiter.join()
        self.assertEqual(status, 0, err)
        self.assertIn("status 1\n", out)
        self.assertIn("no space left", err)
        self.assertEqual(len(out.split("then")[0].splitlines()), 1 + len(NEEDED), out)  # the four small files and the partial one
        self.assertIn("then 0\nsame\n", out)
        self.assertTrue(self.hub.asked("cdn", "model.safetensors")[1]["Range"].startswith("bytes="))


if __name__ == "__main__":
    main()
