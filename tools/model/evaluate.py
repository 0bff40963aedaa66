#!/usr/bin/python3
"""Measures the bundled model on pictures that are not in its training data, through the clipseek command (or, with --pytorch, in PyTorch).

    tools/model/evaluate.py --model models/tiny --clipseek build/release/clipseek

(a) new drawings in the training styles against all English names, (b) drawings of a source that training does not use, (c) composed
scenes among 50 hard negatives each, (d) the drawings of (a) against all Chinese names.
"""
import argparse
import json
import os
import random
import subprocess
import tempfile

import numpy as np
import torch
from PIL import Image

import canvas
import pictograms
import scenes
import tiles
import teacher
import train

SEED = 99_000_000
SIDE = 192
SCENE_SIDE = 128
NEGATIVES = 50


class Command:
    """Embeddings from `clipseek encode --json`."""

    def __init__(self, program, model):
        self.base = [program, "encode", "--json", "--model", model]

    def run(self, flag, values):
        features = []
        for begin in range(0, len(values), 400):
            words = [word for value in values[begin : begin + 400] for word in (flag, value)]
            done = subprocess.run(self.base + words, stdout=subprocess.PIPE, check=True, text=True)
            rows = [json.loads(line) for line in done.stdout.splitlines()]
            features += [row["feature"] for row in rows]
        if len(features) != len(values):
            raise SystemExit(f"{len(values)} inputs, but {len(features)} features")
        return torch.tensor(features)

    def images(self, paths):
        return self.run("--image", paths)

    def texts(self, texts):
        return self.run("--text", texts)


class Reference:
    """The same embeddings from PyTorch and Pillow, for development and to check the command."""

    def __init__(self, folder):
        self.model, self.tokenizer = load(folder)

    @torch.no_grad()
    def images(self, paths):
        parts = []
        for begin in range(0, len(paths), 256):
            pixels = torch.stack([pixels_of(path, self.model.shape.image) for path in paths[begin : begin + 256]])
            parts.append(self.model.image(pixels))
        return torch.cat(parts)

    @torch.no_grad()
    def texts(self, texts):
        rows = [self.tokenizer.encode(text, self.model.shape.length) for text in texts]
        ends = torch.tensor([len(row) - 1 for row in rows])
        ids = torch.tensor([row + [self.tokenizer.end] * (self.model.shape.length - len(row)) for row in rows])
        return torch.cat([self.model.text(i, e) for i, e in zip(ids.split(256), ends.split(256))])


def load(folder):
    """(model, tokenizer) of an exported folder."""
    import bpe
    import clip_model
    import export

    with open(os.path.join(folder, "config.json"), encoding="utf-8") as file:
        config = json.load(file)

    def tower(part):
        return clip_model.Tower(part["hidden_size"], part["num_hidden_layers"], part["num_attention_heads"], part["intermediate_size"])

    text, vision = config["text_config"], config["vision_config"]
    shape = clip_model.Shape(vision["image_size"], vision["patch_size"], tower(vision), tower(text), text["vocab_size"], text["max_position_embeddings"],
                             config["projection_dim"])
    model = clip_model.Clip(shape)
    weights = export.read_safetensors(os.path.join(folder, "model.safetensors"))
    model.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in weights.items()})
    return model.eval(), bpe.Tokenizer.load(folder)


def pixels_of(path, side):
    """Pillow's preprocessing: shorter side to `side`, bicubic, centre crop, normalised."""
    picture = Image.open(path).convert("RGB")
    scale = side / min(picture.size)
    size = [max(side, int(length * scale)) for length in picture.size]
    picture = picture.resize(size, Image.BICUBIC)
    left, top = (size[0] - side) // 2, (size[1] - side) // 2
    array = np.asarray(picture.crop((left, top, left + side, top + side)), np.float32) / 255
    return ((torch.from_numpy(array).permute(2, 0, 1) - teacher.MEAN[0]) / teacher.STD[0]).contiguous()


def write(pictures, folder, name, lossy):
    paths = []
    for i, picture in enumerate((pictures.permute(0, 2, 3, 1).numpy() * 255 + 0.5).astype(np.uint8)):
        paths.append(os.path.join(folder, f"{name}-{i}.{'jpg' if lossy else 'png'}"))
        Image.fromarray(picture).save(paths[-1], **({"quality": 85} if lossy else {"compress_level": 1}))
    return paths


def draw_in_parts(plans, stock, side, folder, name, lossy):
    generator, paths = torch.Generator().manual_seed(SEED), []
    for begin in range(0, len(plans), 128):
        pictures = canvas.draw(scenes.Batch(plans[begin : begin + 128]), stock.bank, stock.pages, side, generator)
        paths += write(pictures, folder, f"{name}-{begin}", lossy)
    return paths


def recall(images, texts, right, names):
    """The shares of pictures whose name is first and among the first five; equal names count as one."""
    scores = images @ texts.T
    own = scores[torch.arange(len(right)), right]
    codes = {name: number for number, name in enumerate(dict.fromkeys(names))}
    same = torch.tensor([codes[name] for name in names])
    better = (scores > own[:, None]) & (same[None] != same[right][:, None])
    place = better.sum(1)
    return float((place < 1).float().mean()), float((place < 5).float().mean())


def measure_names(encoder, stock, folder):
    author = scenes.Author(stock, random.Random(SEED))
    right = torch.arange(len(stock.things))
    paths = draw_in_parts([author.single(int(thing)) for thing in right], stock, SIDE, folder, "name", True)
    images = encoder.images(paths)
    english, chinese = [thing.en for thing in stock.things], [thing.zh for thing in stock.things]
    return {"a": recall(images, encoder.texts(english), right, english), "d": recall(images, encoder.texts(chinese), right, chinese), "pictures": len(paths)}


def measure_held_out(encoder, cache, folder):
    stock = tiles.Stock(cache, side=128, page_side=16, pages_of_kind=1, sources=(pictograms.HELD_OUT,))
    author = scenes.Author(stock, random.Random(SEED + 1), tidy=True)
    author.choose_style = lambda *_: (canvas.PLAIN, (0, 0, 0), (1, 1, 1), None)  # unchanged drawings
    right = torch.tensor([i for i, found in enumerate(stock.tiles_of) if found])
    paths = draw_in_parts([author.single(int(thing)) for thing in right], stock, SIDE, folder, "held-out", False)
    english = [thing.en for thing in stock.things]
    return {"b": recall(encoder.images(paths), encoder.texts(english), right, english), "pictures": len(paths)}


def hard_negatives(author, spec, scene):
    """Scenes that differ from `spec` in one or two properties and for which its caption is not true."""
    found, meanings = [], set()
    for attempt in range(4000):
        other = author.changed(spec)
        if attempt % 3 == 0 or attempt > 1000:
            other = author.changed(other)
        candidate = author.realise(other)
        known = (candidate.meaning, candidate.en)
        if scene.meaning in (candidate.meaning, *candidate.facts) or candidate.meaning == scene.meaning or known in meanings:
            continue
        meanings.add(known)
        found.append(candidate)
        if len(found) == NEGATIVES:
            return found
    raise SystemExit(f"{scene.en}: too few negatives")


def measure_scenes(encoder, stock, folder, count):
    rng = random.Random(SEED + 2)
    author = scenes.Author(stock, rng, tidy=True)
    by_text = by_picture = 0
    for number in range(count):
        spec = author.spec()
        scene = author.realise(spec)
        group = [scene, *hard_negatives(author, spec, scene)]
        paths = draw_in_parts(group, stock, SCENE_SIDE, folder, f"scene-{number}", False)
        texts = encoder.texts([other.en for other in group])
        scores = encoder.images(paths) @ texts.T
        by_text += int(scores[:, 0].argmax() == 0)
        by_picture += int(scores[0].argmax() == 0)
        for path in paths:
            os.remove(path)
    return {"c": by_text / count, "c by picture": by_picture / count, "scenes": count}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--clipseek", help="the built command")
    parser.add_argument("--pytorch", action="store_true")
    parser.add_argument("--work", default="/tmp/clipseek-model")
    parser.add_argument("--scenes", type=int, default=150)
    args = parser.parse_args()
    encoder = Reference(args.model) if args.pytorch else Command(args.clipseek, args.model)
    stock = tiles.Stock(args.work, side=128, page_side=16, pages_of_kind=1)
    stock.prefer(train.SOURCE_WEIGHTS)
    with tempfile.TemporaryDirectory() as folder:
        names = measure_names(encoder, stock, folder)
        print(f"(a) new drawings, {names['pictures']} pictures and names: recall@1 {names['a'][0]:.3f}, @5 {names['a'][1]:.3f} (bars 0.80, 0.95)", flush=True)
        print(f"(d) the same in Chinese: recall@1 {names['d'][0]:.3f}, @5 {names['d'][1]:.3f} (bar 0.70 @5)", flush=True)
        held = measure_held_out(encoder, args.work, folder)
        print(f"(b) held-out style, {held['pictures']} pictures: recall@1 {held['b'][0]:.3f}, @5 {held['b'][1]:.3f} (bar 0.50 @5)", flush=True)
        composed = measure_scenes(encoder, stock, folder, args.scenes)
        print(f"(c) {composed['scenes']} scenes among {NEGATIVES} hard negatives: caption finds picture {composed['c']:.3f} (bar 0.60), "
              f"picture finds caption {composed['c by picture']:.3f}", flush=True)


if __name__ == "__main__":
    main()
