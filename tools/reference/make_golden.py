#!/usr/bin/python3
"""Makes tests/golden/clip: small CLIP models with random weights, pictures, and what PyTorch and Pillow answer for them.

    tools/make_golden.py            (from tools/reference; Debian's python3-torch, python3-pil and python3-numpy)

The files are committed; run this again only when what they cover changes.
"""
import json
import math
import os
import shutil

import torch
from PIL import Image, ImageDraw

import clip_reference
import family_reference
import random_families
import random_model

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "..", "..", "tests", "golden", "clip")
MERGES = [("d", "o"), ("do", "g</w>"), ("c", "a"), ("ca", "t</w>"), ("r", "e"), ("re", "d</w>"), ("t", "h"),
          ("th", "e</w>")]
MODELS = {
    # OpenAI's layout: QuickGELU, and a config that states end token 2.
    "quick_gelu": dict(patch=8, image=32, width=48, heads=3, layers=2, text_width=32, text_heads=2, text_layers=2,
                       projection=24, context=16, eos=2, seed=1),
    # Sizes that no vector width divides; another activation; F16 weights.
    "gelu": dict(patch=7, image=35, width=36, heads=4, layers=2, hidden=50, text_width=22, text_heads=2, text_layers=3,
                 text_hidden=30, projection=17, context=12, act="gelu", dtype=torch.float16, seed=2),
    "gelu_tanh": dict(patch=16, image=48, width=40, heads=5, layers=1, text_width=24, text_heads=3, text_layers=1,
                      projection=32, context=20, act="gelu_pytorch_tanh", dtype=torch.bfloat16, seed=3),
}


def picture(width, height, seed):
    """Smooth colour with a few hard shapes: what resampling and compression both care about."""
    image = Image.new("RGB", (width, height))
    wave = lambda x, period, phase: int(127.5 + 127.5 * math.sin(2 * math.pi * (x / period) + phase))
    image.putdata([(wave(x, width * 0.9, seed), wave(y, height * 0.7, 2 * seed), wave(x + y, width * 1.3, 3 * seed))
                   for y in range(height) for x in range(width)])
    draw = ImageDraw.Draw(image)
    for i in range(4):
        left, top = (37 * (i + seed)) % (width // 2), (53 * (i + 2 * seed)) % (height // 2)
        box = [left, top, left + width // 3, top + height // 4]
        colour = ((91 * i) % 256, (57 * (i + seed)) % 256, (201 * i) % 256)
        draw.ellipse(box, fill=colour) if i % 2 else draw.rectangle(box, fill=colour)
    return image


def write_expected(folder, model, pictures, texts, padded=lambda ids: ids):
    """What `model` answers for the pictures and for token ids; the reference is given padded(ids)."""
    expected = {"images": {}, "texts": []}
    for file in [*pictures, "photo.jpg"]:
        feature = model.image_feature(model.pixels(os.path.join(OUT, file)))
        expected["images"][file] = [round(value, 7) for value in feature.tolist()]
    for ids in texts:
        feature = model.text_feature(padded(ids))
        expected["texts"].append({"ids": ids, "feature": [round(value, 7) for value in feature.tolist()]})
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, separators=(",", ":"))
        file.write("\n")


def make_families(pictures):
    """The other layouts: open_clip (plain and below "text."), SigLIP, Chinese-CLIP."""
    sizes = dict(patch=8, image=32, width=32, heads=4, layers=2, text_width=24, text_heads=3, text_layers=2)
    for name, custom_text in (("open_clip", False), ("open_clip_custom_text", True)):
        folder = os.path.join(OUT, name)
        random_families.write_open_clip(folder, custom_text=custom_text, head_width=8, merges=MERGES, projection=20,
                                        context=16, act="gelu", dtype=torch.float16, seed=4, **sizes)
        reference = os.path.join(folder, "hf")
        model = clip_reference.Model(reference)
        end = model.config["text_config"]["vocab_size"] - 1
        write_expected(folder, model, pictures, [[end - 1, end], [end - 1, 7, 300, 12, end]])
        shutil.rmtree(reference)
    folder = os.path.join(OUT, "siglip")
    random_families.write_siglip(folder, vocabulary=60, context=10, hidden=52, seed=5, resample=2, **sizes)
    write_expected(folder, family_reference.Siglip(folder), pictures, [[1], [5, 17, 59, 1], [3] * 9 + [1]],
                   lambda ids: ids + [1] * (10 - len(ids)))
    folder = os.path.join(OUT, "chinese_clip")
    random_families.write_chinese_clip(folder, vocabulary=50, projection=20, seed=6, **sizes)
    write_expected(folder, family_reference.ChineseClip(folder), pictures, [[2, 3], [2, 10, 40, 11, 3]])


def main():
    os.makedirs(OUT, exist_ok=True)
    pictures = {"wide.png": (90, 50), "tall.png": (33, 120), "square.png": (64, 64), "small.png": (20, 17)}
    for seed, (name, (width, height)) in enumerate(pictures.items(), start=1):
        picture(width, height, seed).save(os.path.join(OUT, name), optimize=True)
    # Large enough for decoding at a reduced DCT scale.
    picture(640, 420, 7).save(os.path.join(OUT, "photo.jpg"), quality=88)
    texts = [[], [ord("a") - 33], [3, 1, 4, 1, 5, 9, 2, 6, 5], list(range(40, 46)), [500, 512, 515, 519]]
    for name, options in MODELS.items():
        folder = os.path.join(OUT, name)
        random_model.write(folder, merges=MERGES, **options)
        model = clip_reference.Model(folder)
        end = model.config["text_config"]["vocab_size"] - 1
        write_expected(folder, model, pictures, [[end - 1, *ids, end] for ids in texts])
    make_families(pictures)


if __name__ == "__main__":
    main()
