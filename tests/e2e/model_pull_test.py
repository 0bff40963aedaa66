"""Downloading a published model: which files, into which folder, with which token, and resuming after an interruption."""

import os
import signal

from hub_server import Repository, answer, cut, hang_up, send, stall
from model_support import FILES, NAME, NEEDED, WEIGHTS, ModelTest
from support import TIMEOUT, main


class PullTest(ModelTest):
    def test_downloads_only_the_needed_files_in_the_hubs_layout(self):
        pulled = self.pull()
        self.assertEqual(pulled["path"], str(self.snapshot))
        self.assertEqual((pulled["files"], pulled["commit"]), (len(NEEDED), self.repository.commit))
        self.assertEqual(pulled["fetched_bytes"], sum(len(FILES[name]) for name in NEEDED))
        self.assert_whole()
        self.assertEqual((self.model / "refs" / "main").read_text(), self.repository.commit)
        self.assertEqual(self.hub.asked("hub", "pytorch_model.bin"), [])

    def test_prints_the_folder_alone(self):
        self.assertEqual(self.model_command("pull", NAME).out, f"{self.snapshot}\n")

    def test_a_second_pull_downloads_nothing(self):
        self.pull()
        self.assertEqual(self.pull()["fetched_bytes"], 0)
        self.assertEqual(len(self.hub.asked("cdn", "model.safetensors")), 1)

    def test_a_new_commit_shares_unchanged_files(self):
        self.pull()
        changed = Repository({**FILES, "vocab.json": b'{"b": 0}'}, commit="d" * 40)
        self.repository = self.hub.repositories[NAME] = changed
        self.snapshot = self.model / "snapshots" / changed.commit
        self.assertEqual(self.pull()["fetched_bytes"], len(b'{"b": 0}'))
        self.assert_whole()
        self.assertEqual(self.model_command("path", NAME).out, f"{self.snapshot}\n")

    def test_a_revision_of_a_pull_request(self):
        self.repository.revisions = {"refs/pr/7"}
        self.pull_refused("RevisionNotFound", "404")
        self.pull(f"{NAME}@refs/pr/7")
        self.assert_whole()
        self.assertEqual((self.model / "refs/refs/pr/7").read_text(), self.repository.commit)
        self.assertEqual(self.model_command("path", f"{NAME}@refs/pr/7").out, f"{self.snapshot}\n")

    def test_an_open_clip_repository(self):
        files = {"open_clip_config.json": b"{}", "open_clip_model.safetensors": WEIGHTS, "tokenizer.json": b"{}",
                 "config.json": b"{}", "model.safetensors": b"other"}
        self.repository = self.hub.repositories[NAME] = Repository(files)
        self.pull()
        self.assert_whole({"open_clip_config.json", "open_clip_model.safetensors", "tokenizer.json"})

    def test_a_listed_model_by_its_name(self):
        listed = self.model_command("list", "--json").json_lines()[0]
        self.repository = Repository(FILES, commit=listed["revision"], revisions=())
        self.hub.repositories[listed["repository"]] = self.repository
        path = self.pull(listed["name"].upper())["path"]
        self.assertEqual(self.model_command("list", "--json").json_lines()[0]["path"], path)
        self.assertEqual(self.model_command("path", listed["name"]).out, path + "\n")

    def test_empty_files(self):
        self.repository.files["merges.txt"] = b""
        self.pull()
        self.assert_whole()


class TokenTest(ModelTest):
    """The token is sent to the hub and to no other host."""

    def assert_sent(self, token):
        expected = f"Bearer {token}" if token else None
        seen = {headers.get("Authorization") for host, _, headers in self.hub.requests if host == "hub"}
        self.assertEqual(seen, {expected})
        away = [headers.get("Authorization") for host, _, headers in self.hub.requests if host == "cdn"]
        self.assertEqual(away, [None])

    def test_from_the_environment(self):
        self.hub.token = "hf_secret"
        self.pull(env={"HF_TOKEN": "hf_secret"})
        self.assert_sent("hf_secret")

    def test_from_the_token_file(self):
        self.hub.token = "hf_filed"
        os.makedirs(self.folder / "cache/home")
        self.write("cache/home/token", b"hf_filed\n")
        self.pull(env={"HF_HOME": str(self.cache / "home")})
        self.assert_sent("hf_filed")

    def test_without_one(self):
        self.pull()
        self.assert_sent(None)

    def test_a_private_or_gated_repository(self):
        self.hub.token = "hf_secret"
        self.assertNotIn("hf_wrong", self.pull_refused("401", "HF_TOKEN", env={"HF_TOKEN": "hf_wrong"}))
        self.pull_refused("401", "set HF_TOKEN")
        self.hub.fail("hub", "listing", answer(403, X_Error_Code="GatedRepo"))
        self.pull_refused("403", "GatedRepo", env={"HF_TOKEN": "hf_secret"})

    def test_a_token_that_would_break_the_header(self):
        self.model_command("pull", NAME, status=2, env={"HF_TOKEN": "a\r\nX-Evil: 1"})
        self.assertEqual(self.hub.requests, [])


class BrokenPullTest(ModelTest):
    """After any failure the next attempt resumes at the same position."""

    def assert_resumed_at(self, *starts):
        ranges = [headers.get("Range") for headers in self.hub.asked("cdn", "model.safetensors")]
        self.assertEqual(ranges, [f"bytes={start}-" if start else None for start in starts])

    def test_a_closed_connection(self):
        self.hub.fail("cdn", "model.safetensors", cut(WEIGHTS, 1_000_000), cut(WEIGHTS, 500_000))
        self.assertEqual(self.pull()["fetched_bytes"], sum(len(FILES[name]) for name in NEEDED))
        self.assert_whole()
        self.assert_resumed_at(0, 1_000_000, 1_500_000)

    def test_a_connection_that_is_closed_repeatedly(self):
        self.hub.fail("cdn", "model.safetensors", *[cut(WEIGHTS, 0)] * 20)
        self.pull_refused("model.safetensors")
        self.assertLessEqual(len(self.hub.asked("cdn", "model.safetensors")), 5)
        self.hub.faults.clear()
        self.pull()
        self.assert_whole()

    def test_a_stalled_transfer(self):
        self.hub.fail("cdn", "model.safetensors", stall(WEIGHTS, 700_000))
        self.pull(env={"HF_HUB_DOWNLOAD_TIMEOUT": "1"})
        self.assert_whole()
        self.assert_resumed_at(0, 700_000)

    def test_a_killed_process(self):
        self.hub.fail("cdn", "model.safetensors", stall(WEIGHTS, 1_200_000))
        process = self.start_pull()
        self.wait_for_partial(1_200_000)
        process.kill()
        process.wait(TIMEOUT)
        self.assertFalse((self.snapshot / "model.safetensors").exists())
        self.assertEqual(self.pull()["fetched_bytes"], len(WEIGHTS) - 1_200_000)
        self.assert_whole()
        self.assert_resumed_at(0, 1_200_000)

    def test_an_interrupt(self):
        self.hub.fail("cdn", "model.safetensors", stall(WEIGHTS, 1_000_000))
        process = self.start_pull()
        self.wait_for_partial(1_000_000)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=TIMEOUT)
        self.assertEqual((process.returncode, out), (130, b""))
        self.assertIn(b"stopped on request", err)
        self.pull()
        self.assert_resumed_at(0, 1_000_000)

    def test_a_server_without_ranges(self):
        self.hub.fail("cdn", "model.safetensors", cut(WEIGHTS, 1_000_000), send(WEIGHTS))
        self.pull()
        self.assert_whole()

    def test_a_partial_file_with_other_content(self):
        self.pull()
        (self.model / "blobs" / self.repository.digest("model.safetensors")).unlink()
        self.partial().write_bytes(b"x" * 1_000_000)
        self.pull()
        self.assert_whole()

    def test_a_partial_file_that_is_too_long(self):
        os.makedirs(self.model / "blobs")
        self.partial().write_bytes(b"x" * (len(WEIGHTS) + 1))
        self.pull()
        self.assert_whole()

    def test_a_busy_hub(self):
        self.hub.fail("hub", "listing", hang_up, answer(503), answer(429, Retry_After=0))
        self.hub.fail("hub", "model.safetensors", answer(429, Retry_After=1))
        self.hub.fail("cdn", "model.safetensors", answer(500))
        result = self.model_command("pull", NAME)
        self.assert_whole()
        for words in ["503", "429", "500", "trying again"]:
            self.assertIn(words, result.err)

    def test_a_hub_that_stays_busy(self):
        self.hub.fail("hub", "listing", *[answer(429, Retry_After=0)] * 20)
        self.pull_refused("429")
        self.assertEqual(len(self.hub.requests), 5)
        self.hub.faults.clear()
        self.hub.fail("hub", "listing", answer(429, Retry_After=86400))
        self.pull_refused("asks to wait 86400 s")


class TwoPullsTest(ModelTest):
    def test_the_second_waits_for_the_first(self):
        self.hub.fail("cdn", "model.safetensors", stall(WEIGHTS, 1_000_000))
        first = self.start_pull()
        self.wait_for_partial(1_000_000)
        second = self.start_pull()
        self.assertIn(b"another process is fetching model.safetensors", second.stderr.readline())
        self.hub.released.set()
        for process in [first, second]:
            _, err = process.communicate(timeout=TIMEOUT)
            self.assertEqual(process.returncode, 0, err)
        self.assert_whole()
        self.assertEqual(len(self.hub.asked("cdn", "model.safetensors")), 1)

    def test_the_second_resumes_where_the_first_was_killed(self):
        self.hub.fail("cdn", "model.safetensors", stall(WEIGHTS, 1_000_000))
        first = self.start_pull()
        self.wait_for_partial(1_000_000)
        second = self.start_pull()
        second.stderr.readline()
        first.kill()
        first.wait(TIMEOUT)
        _, err = second.communicate(timeout=TIMEOUT)
        self.assertEqual(second.returncode, 0, err)
        self.assert_whole()

    def test_many_at_once(self):
        processes = [self.start_pull() for _ in range(6)]
        for process in processes:
            _, err = process.communicate(timeout=TIMEOUT)
            self.assertEqual(process.returncode, 0, err)
        self.assert_whole()
        self.assertEqual(len(self.hub.asked("cdn", "model.safetensors")), 1)


if __name__ == "__main__":
    main()
