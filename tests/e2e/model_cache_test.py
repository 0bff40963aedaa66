"""Listing and checking the models on this machine, and working without a network."""

import os
import socket

from hub_server import git_sha1
from model_support import FILES, NAME, NEEDED, WEIGHTS, ModelTest
from support import main


def closed_port():
    """Returns an address on which no server listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


class VerifyTest(ModelTest):
    def setUp(self):
        super().setUp()
        self.pull()
        self.blob = self.model / "blobs" / self.repository.digest("model.safetensors")

    def states(self, *names, status=0):
        result = self.model_command("verify", *names, "--json", status=status)
        return {line["file"]: line["state"] for line in result.json_lines()}

    def damage(self):
        content = bytearray(self.blob.read_bytes())
        content[1_000_000] ^= 1
        self.blob.write_bytes(content)

    def test_verify_needs_no_network(self):
        self.hub.close()
        self.assertEqual(self.states(NAME), dict.fromkeys(NEEDED, "good"))
        self.assertEqual(self.states(), dict.fromkeys(NEEDED, "good"))
        self.assertIn("5 files, none bad", self.model_command("verify").out)

    def test_a_damaged_file_is_named_and_pulled_again(self):
        self.damage()
        self.assertEqual(self.states(NAME, status=3)["model.safetensors"], "damaged")
        self.assertIn("model.safetensors is damaged", self.model_command("verify", status=3).err)
        self.assertEqual(self.pull()["fetched_bytes"], len(WEIGHTS))
        self.assert_whole()

    def test_a_small_file_is_checked_too(self):
        path = self.model / "blobs" / self.repository.digest("vocab.json")
        self.assertEqual(path.name, git_sha1(FILES["vocab.json"]))
        path.write_bytes(b'{"a": 1}')
        self.assertEqual(self.states(NAME, status=3)["vocab.json"], "damaged")

    def test_a_missing_blob(self):
        (self.model / "blobs" / self.repository.digest("vocab.json")).unlink()
        self.assertEqual(self.states(NAME, status=3)["vocab.json"], "missing")
        self.pull()
        self.assert_whole()

    def test_a_failed_repair_keeps_the_damaged_file(self):
        self.damage()
        before = self.blob.read_bytes()
        self.hub.fail("cdn", "model.safetensors", lambda handler: handler.status(404))
        self.pull_refused("404")
        self.assertEqual(self.blob.read_bytes(), before)

    def test_no_models(self):
        result = self.model_command("verify", env={"HF_HUB_CACHE": str(self.folder / "none")})
        self.assertIn("no models", result.err)
        self.refused("model", "verify", "owner/none", env=self.environment(), names=["owner/none"])


class SharedCacheTest(ModelTest):
    """The cache folder that Python's huggingface_hub uses as well."""

    def fill_as_python_does(self):
        for name in ["config.json", "model.safetensors"]:
            self.write(self.model / "blobs" / self.repository.digest(name), FILES[name])
            os.makedirs(self.snapshot, exist_ok=True)
            os.symlink(f"../../blobs/{self.repository.digest(name)}", self.snapshot / name)
        self.write(self.model / "refs/main", self.repository.commit.encode())

    def test_a_download_by_python_is_found(self):
        self.fill_as_python_does()
        self.assertEqual(self.model_command("path", NAME).out, f"{self.snapshot}\n")
        self.assertIn(f"{NAME}@{self.repository.commit}", self.model_command("list").out)
        self.assertIn({"name": f"{NAME}@{self.repository.commit}", "path": str(self.snapshot)},
                      self.model_command("list", "--json").json_lines())

    def test_only_missing_files_are_downloaded(self):
        self.fill_as_python_does()
        self.pull()
        self.assert_whole()
        self.assertEqual(self.hub.asked("cdn", "model.safetensors"), [])

    def test_models_of_other_types_are_not_listed(self):
        self.fill_as_python_does()
        self.assertIn("also in the cache", self.model_command("list").out)
        (self.model / "blobs" / self.repository.digest("config.json")).write_bytes(b'{"model_type": "llama"}')
        self.assertNotIn("also in the cache", self.model_command("list").out)

    def test_the_folder_that_the_variables_name(self):
        for changes, folder in [({"HF_HUB_CACHE": "a"}, "a"), ({"HUGGINGFACE_HUB_CACHE": "b"}, "b"),
                                ({"HF_HOME": "c"}, "c/hub"), ({"XDG_CACHE_HOME": "d"}, "d/huggingface/hub"),
                                ({}, ".cache/huggingface/hub"),
                                ({"HF_HUB_CACHE": "e", "HF_HOME": "f", "XDG_CACHE_HOME": "g"}, "e"),
                                ({"HF_HOME": "~/h"}, "h/hub")]:
            absolute = {key: value if value[0] == "~" else str(self.folder / value) for key, value in changes.items()}
            path = self.pull(env={"HF_HUB_CACHE": None, **absolute})["path"]
            self.assertEqual(path, str(self.folder / folder / "models--owner--name/snapshots" / self.repository.commit))

    def test_odd_things_in_the_cache(self):
        self.write("cache/models--", b"a file")
        self.write("cache/models--x/snapshots", b"a file")
        os.makedirs(self.cache / "models--a--b/snapshots/main/config.json")
        os.makedirs(self.cache / "models--a--b/refs/main")
        os.symlink("loop", self.cache / "models--loop")
        self.write("cache/models--c--d/refs/main", b"../../../../etc")
        self.write("cache/datasets--a--b/x", b"")
        self.assertNotIn("also in the cache", self.model_command("list").out)
        for name in ["a/b", "c/d"]:
            self.refused("model", "path", name, env=self.environment(), names=[name, "clipseek model pull"])


class NoNetworkTest(ModelTest):
    def test_the_error_explains_how_to_place_the_files_by_hand(self):
        name = self.model_command("list", "--json").json_lines()[0]["name"]
        line = self.pull_refused("cannot be reached", "by hand", "model.safetensors", "config.json", model=name,
                                 env={"HF_ENDPOINT": closed_port()})
        folder = line.rsplit(" into ", 1)[1]
        os.makedirs(folder)
        for file in NEEDED:
            self.write(os.path.join(folder, file), FILES[file])
        self.assertEqual(self.model_command("path", name).out, folder + "\n")
        self.assertIn("placed by hand", self.model_command("verify", name).out)
        result = self.model_command("pull", name, env={"HF_ENDPOINT": closed_port()})
        self.assertEqual(result.out, folder + "\n")
        self.assertIn("is already on this machine", result.err)

    def test_a_host_that_does_not_exist(self):
        self.pull_refused("cannot be reached", env={"HF_ENDPOINT": "http://nowhere.invalid"})

    def test_offline_sends_no_request(self):
        offline = {"HF_HUB_OFFLINE": "1"}
        self.pull_refused("HF_HUB_OFFLINE", "by hand", env=offline)
        self.pull()
        asked = len(self.hub.requests)
        self.assertEqual(self.pull(env=offline)["path"], str(self.snapshot))
        self.assertEqual(len(self.hub.requests), asked)

    def test_an_invalid_endpoint(self):
        for endpoint in ["huggingface.co", "file:///etc", "http://a b"]:
            self.model_command("pull", NAME, status=2, env={"HF_ENDPOINT": endpoint})


class NamingTest(ModelTest):
    def test_the_error_for_a_missing_model_names_the_pull_command(self):
        self.refused("tokenize", "--model", "clip-vit-base-patch32", "a", env=self.environment(),
                     names=["clipseek model pull clip-vit-base-patch32"])
        self.refused("tokenize", "--model", NAME, "a", env=self.environment(), names=[f"clipseek model pull {NAME}"])

    def test_a_mistyped_name_lists_similar_names(self):
        self.refused("tokenize", "--model", "clip-vit-base-patch23", "a", env=self.environment(),
                     names=["clip-vit-base-patch32"])

    def test_the_list_is_complete(self):
        rows = self.model_command("list", "--json").json_lines()
        self.assertGreaterEqual(len(rows), 10)
        for row in rows:
            self.assertIsNone(row["path"])
            self.assertIn(row["name"], self.model_command("list").out)


if __name__ == "__main__":
    main()
