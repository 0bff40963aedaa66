"""Damaged models, and models other than the one that a database was made with."""

import json
import os
import shutil
import struct

from support import SOURCE, TINY_MODEL, CommandTest, main, png


class BadModelTest(CommandTest):
    def setUp(self):
        super().setUp()
        shutil.copytree(TINY_MODEL, self.folder / "model")
        self.write("a.png", png())

    def weights(self):
        return (self.folder / "model/model.safetensors").read_bytes()

    def split_weights(self):
        """Returns the header (an object) and the data of the model's weights."""
        content = self.weights()
        length = struct.unpack("<Q", content[:8])[0]
        return json.loads(content[8 : 8 + length]), content[8 + length :]

    def write_weights(self, header, data):
        text = header if isinstance(header, bytes) else json.dumps(header).encode()
        self.write("model/model.safetensors", struct.pack("<Q", len(text)) + text + data)

    def change_config(self, change):
        path = self.folder / "model/config.json"
        config = json.loads(path.read_text())
        change(config)
        path.write_text(json.dumps(config))

    def assert_refused(self, *names):
        """Checks that commands that load the model fail with one line, and that no database is created."""
        self.refused("index", "--model", "model", ".", names=names)
        self.refused("encode", "--model", "model", "--json", "--image", "a.png", "--text", "a", names=names)

    def test_the_copy_itself_is_fine(self):
        self.assertEqual(self.index("--model", "model", "a.png")["added"], 1)

    def test_truncated_weights(self):
        content = self.weights()
        for size in [0, 7, 8, 100, len(content) // 2, len(content) - 1]:
            self.write("model/model.safetensors", content[:size])
            self.assert_refused("model.safetensors")

    def test_a_header_length_beyond_the_file(self):
        self.write("model/model.safetensors", b"\xff" * 8 + self.weights()[8:])
        self.assert_refused("model.safetensors")

    def test_a_header_that_is_not_json(self):
        _, data = self.split_weights()
        self.write_weights(b"{" * 1000, data)
        self.assert_refused("model.safetensors")

    def test_offsets_outside_the_data(self):
        header, data = self.split_weights()
        name = next(name for name in header if name.endswith("weight"))
        for offsets in [[0, len(data) + 4], [-4, 0], [8, 4], [2**63, 2**63 + 4]]:
            header[name]["data_offsets"] = offsets
            self.write_weights(header, data)
            self.assert_refused("model.safetensors")

    def test_a_missing_tensor_is_named(self):
        header, data = self.split_weights()
        del header["visual_projection.weight"]
        self.write_weights(header, data)
        self.assert_refused("visual_projection.weight")

    def test_a_config_that_disagrees_with_the_weights(self):
        def wider(config):
            config["text_config"]["intermediate_size"] *= 2

        self.change_config(wider)
        self.assert_refused("text_model.encoder.layers.0.mlp.fc1")

    def test_a_config_of_fewer_layers_than_the_weights(self):
        for tower, tensor in [("vision", "vision_model.encoder.layers.1."), ("text", "text_model.encoder.layers.1.")]:
            shutil.copy(TINY_MODEL / "config.json", self.folder / "model/config.json")
            self.change_config(lambda config, tower=tower: config[tower + "_config"].update(num_hidden_layers=1))
            self.assert_refused("model.safetensors has tensor " + tensor, "the config states 1 layer")

    def test_weights_that_are_not_numbers(self):
        self.index("a.png")
        header, data = self.split_weights()
        for name, number, commands in [
                ("visual_projection.weight", b"\xff", [["index", "--db", "new.db", "a.png"],
                                                       ["encode", "--json", "--image", "a.png"],
                                                       ["search", "--image", "a.png"]]),
                ("text_projection.weight", b"\xff", [["encode", "--json", "--text", "a"], ["search", "a"]]),
                ("text_projection.weight", b"\0", [["encode", "--json", "--text", "a"]])]:
            first, last = header[name]["data_offsets"]
            self.write_weights(header, data[:first] + number * (last - first) + data[last:])
            for command in commands:
                self.refused(*command, "--model", "model", names=["model/model.safetensors", "finite vector"])

    def test_a_config_of_absurd_sizes(self):
        for value in [0, -1, 2**31, 2**62, "many", None, 1.5]:
            self.change_config(lambda config, value=value: config["vision_config"].update(hidden_size=value))
            self.assert_refused("config.json")

    def test_a_config_that_is_not_json(self):
        self.write("model/config.json", b"{not json")
        self.assert_refused("config.json")

    def test_a_truncated_vocabulary(self):
        path = self.folder / "model/vocab.json"
        self.write("model/vocab.json", path.read_bytes()[:-100])
        self.assert_refused("vocab.json")

    def test_missing_files_are_named(self):
        for name in ["config.json", "vocab.json", "merges.txt", "model.safetensors"]:
            os.rename(self.folder / "model" / name, self.folder / "aside")
            self.assert_refused(name)
            os.rename(self.folder / "aside", self.folder / "model" / name)

    def test_a_folder_that_is_not_a_model(self):
        os.makedirs(self.folder / "empty")
        self.refused("tokenize", "--model", "empty", "a", names=["empty"])


class OtherModelTest(CommandTest):
    """Vectors of two models are never compared."""

    def setUp(self):
        super().setUp()
        shutil.copytree(TINY_MODEL, self.folder / "other")
        weights = self.folder / "other/model.safetensors"
        content = bytearray(weights.read_bytes())
        content[-1] ^= 1  # changes the last weight slightly
        weights.write_bytes(content)
        self.write("pictures/a.png", png())
        self.index("pictures")

    def test_searching_a_database_of_another_model_is_refused(self):
        self.refused("search", "--model", "other", "--json", "a cat", names=["clip.db"])

    def test_indexing_with_it_makes_the_pictures_searchable(self):
        self.assertEqual(self.index("--model", "other", "pictures")["total"], 1)
        self.assertEqual(len(self.command("search", "--model", "other", "--json", "a cat").json_lines()), 1)

    def test_vectors_of_an_unrecorded_model(self):
        shutil.copy(SOURCE / "tests/data/hobot_clip.db", self.folder / "hobot.db")
        line = self.refused("search", "--db", "hobot.db", "a cat", names=["hobot.db", "not recorded", "clipseek index"])
        self.assertNotIn("search with that model", line)

    def test_info_counts_both(self):
        info = self.command("info", "--model", "other", "--json").json_lines()[0]["database"]
        self.assertEqual((info["items"], info["other_items"]), (0, 1))


if __name__ == "__main__":
    main()
