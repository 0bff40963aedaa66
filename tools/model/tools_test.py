#!/usr/bin/python3
"""Tests of the tools that need neither fonts nor training: tools/model/tools_test.py"""
import os
import tempfile
import unittest

import numpy as np
import torch

import bpe
import canvas
import captions
import clip_model
import export
import scenes
import teacher


class TokenizerTest(unittest.TestCase):
    def test_words_split_as_clip_splits(self):
        self.assertEqual(bpe.words("A dog's  22 bones!?"), ["a", "dog", "'s", "2", "2", "bones", "!?"])
        self.assertEqual(bpe.words("红色的狗, 3"), ["红色的狗", ",", "3"])

    def test_merges_join_the_most_frequent_pair_first(self):
        merges = bpe.train(["ab ab ab", "abc"], 2)
        self.assertEqual(merges[0], ("a", "b</w>"))

    def test_vocabulary_has_bytes_then_merges_then_specials(self):
        tokenizer = bpe.Tokenizer([("a", "b</w>")])
        self.assertEqual(tokenizer.vocabulary["!"], 0)
        self.assertEqual(tokenizer.vocabulary["!</w>"], 256)
        self.assertEqual((tokenizer.vocabulary["ab</w>"], tokenizer.start, tokenizer.end), (512, 513, 514))

    def test_long_texts_keep_their_end(self):
        tokenizer = bpe.Tokenizer([])
        ids = tokenizer.encode("x " * 50, 32)
        self.assertEqual((len(ids), ids[0], ids[-1]), (32, tokenizer.start, tokenizer.end))

    def test_save_and_load(self):
        tokenizer = bpe.Tokenizer(bpe.train(["two red hearts", "两个红色心形"] * 3, 20))
        with tempfile.TemporaryDirectory() as folder:
            tokenizer.save(folder)
            self.assertEqual(bpe.Tokenizer.load(folder).encode("two 红色", 32), tokenizer.encode("two 红色", 32))


class CheckpointTest(unittest.TestCase):
    def test_safetensors_round_trip(self):
        tensors = {"a": np.arange(6, dtype=np.float16).reshape(2, 3), "b": np.float32(2.5).reshape(())}
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model.safetensors")
            export.write_safetensors(path, tensors)
            back = export.read_safetensors(path)
        self.assertTrue(all(np.array_equal(tensors[name], back[name]) and tensors[name].shape == back[name].shape for name in tensors))

    def test_names_are_those_of_clip_model(self):
        tower = clip_model.Tower(16, 1, 2, 32)
        names = set(clip_model.Clip(clip_model.Shape(16, 8, tower, tower, 20, 8, 8)).state_dict())
        layer = {f"{part}.{kind}" for part in ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj", "layer_norm1", "layer_norm2",
                                               "mlp.fc1", "mlp.fc2") for kind in ("weight", "bias")}
        expected = {f"{side}_model.encoder.layers.0.{name}" for side in ("text", "vision") for name in layer}
        expected |= {"text_model.embeddings.token_embedding.weight", "text_model.embeddings.position_embedding.weight", "logit_scale",
                     "text_model.final_layer_norm.weight", "text_model.final_layer_norm.bias", "vision_model.embeddings.class_embedding",
                     "vision_model.embeddings.patch_embedding.weight", "vision_model.embeddings.position_embedding.weight",
                     "vision_model.pre_layrnorm.weight", "vision_model.pre_layrnorm.bias", "vision_model.post_layernorm.weight",
                     "vision_model.post_layernorm.bias", "text_projection.weight", "visual_projection.weight"}
        self.assertEqual(names, expected)


class SceneTest(unittest.TestCase):
    def test_right_of_is_left_of_the_other_way_round(self):
        keys = [("red", "circle"), (None, "dog")]
        self.assertEqual(scenes.relation_key("right", keys), scenes.relation_key("left", keys[::-1]))

    def test_true_captions_of_other_pictures_are_not_negatives(self):
        judge = teacher.Teacher.__new__(teacher.Teacher)
        dog, scene = scenes.Scene(meaning=("text", "dog")), scenes.Scene(meaning=("left", "dog", "car"), facts=[("text", "dog")])
        self.assertEqual(judge.truth([dog, scene]).tolist(), [[True, False], [True, True]])

    def test_plurals(self):
        self.assertEqual([captions.plural(name) for name in ("dog", "cherry", "bus", "red fox", "sheep")], ["dogs", "cherries", "buses", "red foxes", "sheep"])

    def test_a_layer_lands_where_its_scene_says(self):
        tile = np.zeros((1, 4, 64, 64), np.uint8)
        tile[:, 0], tile[:, 3] = 255, 255
        scene = scenes.Scene(loss=0.0, ground=("flat", (0, 0, 1), (0, 0, 1)), layers=[scenes.layer(0, 0.25, 0.75, 0.3)])
        picture = canvas.draw(scenes.Batch([scene]), canvas.Bank(tile), torch.zeros(0, 3, 8, 8), 64, torch.Generator().manual_seed(0))[0]
        self.assertEqual(picture[:, 48, 16].tolist(), [1.0, 0.0, 0.0])
        self.assertEqual(picture[:, 16, 48].tolist(), [0.0, 0.0, 1.0])


if __name__ == "__main__":

    unittest.main()
