"""Helpers of the tests of `clipseek model`: a fake hub with one model, and a cache for each test."""

import json
import os
import subprocess
import time

from hub_server import HubServer, Repository
from support import PROGRAM, CommandTest, clean_environment

NAME = "owner/name"
WEIGHTS = bytes(range(256)) * 12_000  # 3 MB: several reads and writes
FILES = {
    "config.json": json.dumps({"model_type": "clip"}).encode(),
    "preprocessor_config.json": b"{}",
    "vocab.json": b'{"a": 0}',
    "merges.txt": b"#version: 0.2\n",
    "model.safetensors": WEIGHTS,
    "pytorch_model.bin": b"pickle" * 1000,
    "README.md": b"# A model\n",
    "onnx/model.onnx": b"onnx",
}
NEEDED = {"config.json", "preprocessor_config.json", "vocab.json", "merges.txt", "model.safetensors"}


class ModelTest(CommandTest):
    def setUp(self):
        super().setUp()
        self.hub = HubServer()
        self.addCleanup(self.hub.close)
        self.repository = self.hub.repositories[NAME] = Repository(FILES)
        self.cache = self.folder / "cache"
        self.model = self.cache / "models--owner--name"
        self.snapshot = self.model / "snapshots" / self.repository.commit

    def environment(self, **changes):
        hub = {name: None for name in os.environ if name.startswith(("HF_", "HUGGING")) or name.lower().endswith("_proxy")}
        hub.update(HF_ENDPOINT=self.hub.url(), HF_HUB_CACHE=str(self.cache), HOME=str(self.folder), XDG_CACHE_HOME=None,
                   TRANSFORMERS_OFFLINE=None)
        return clean_environment(**{**hub, **changes})

    def model_command(self, *arguments, env=None, **options):
        return self.command("model", *arguments, env=self.environment(**(env or {})), **options)

    def pull(self, name=NAME, **options):
        """Runs `model pull --json` and returns its object."""
        lines = self.model_command("pull", name, "--json", **options).json_lines()
        self.assertEqual(len(lines), 1)
        return lines[0]

    def pull_refused(self, *names, model=NAME, env=None, **options):
        """Runs a pull that must fail with one clear error, and returns its line."""
        result = self.model_command("pull", model, status=1, env=env, **options)
        errors = [line for line in result.err.splitlines() if line.startswith("clipseek: error: ")]
        self.assertEqual((result.out, len(errors)), ("", 1), result.err)
        self.assertNotIn("internal error", errors[0])
        for name in names:
            self.assertIn(name, errors[0])
        return errors[0]

    def start_pull(self, name=NAME, **env):
        process = subprocess.Popen([PROGRAM, "model", "pull", name, "--json"], cwd=self.folder,
                                   env=self.environment(**env), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def partial(self, file="model.safetensors"):
        return self.model / "blobs" / (self.repository.digest(file) + ".incomplete")

    def wait_for(self, condition):
        for _ in range(6000):
            if condition():
                return
            time.sleep(0.01)
        self.fail("the condition did not become true")

    def wait_for_partial(self, size):
        self.wait_for(lambda: self.partial().exists() and self.partial().stat().st_size >= size)

    def files_outside_cache(self):
        """Returns every file below the test's folder that is not in the cache."""
        found = []
        for folder, folders, files in os.walk(self.folder):
            if folder == str(self.folder) and "cache" in folders:
                folders.remove("cache")
            found += [os.path.join(folder, file) for file in files]
        return found

    def assert_whole(self, names=frozenset(NEEDED)):
        """Checks that the snapshot holds these files with the right content, and that no partial file is left."""
        self.assertEqual({path.name for path in self.snapshot.iterdir()}, set(names))
        for name in names:
            self.assertEqual((self.snapshot / name).read_bytes(), self.repository.files[name])
            self.assertEqual(os.readlink(self.snapshot / name), f"../../blobs/{self.repository.digest(name)}")
        self.assertEqual([path.name for path in (self.model / "blobs").iterdir() if "." in path.name], [])
        self.assertEqual(self.files_outside_cache(), [])
