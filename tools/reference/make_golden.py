#!/usr/bin/python3
"""Makes tests/golden/clip: small CLIP models with random weights, pictures, and what PyTorch and Pillow answer for them.

    tools/make_golden.py            (from tools/reference; Debian's python3-torch, python3-pil and python3-numpy)

The files are committed; run this again only when what they cover changes.
"""
import json
import math
import os

import torch
from PIL import Image, ImageDraw

import clip_reference
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
        expected = {"images": {}, "texts": []}
        for file in [*pictures, "photo.jpg"]:
            feature = model.image_feature(model.pixels(os.path.join(OUT, file)))
            expected["images"][file] = [round(value, 7) for value in feature.tolist()]
        for ids in texts:
            ids = [end - 1, *ids, end]
            expected["texts"].append({"ids": ids, "feature": [round(v, 7) for v in model.text_feature(ids).tolist()]})
        with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
            json.dump(expected, file, separators=(",", ":"))
            file.write("\n")


if __name__ == "__main__":
    main()
