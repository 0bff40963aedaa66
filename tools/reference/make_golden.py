#!/usr/bin/python3
"""Writes tests/golden/clip: small CLIP models with random weights, pictures, and their embeddings by PyTorch and Pillow.

    tools/reference/make_golden.py  (needs Debian's python3-torch, python3-torchvision, python3-pil, python3-numpy,
                                    python3-regex and python3-sentencepiece)

The files are committed; run this program again only when their content must change.
"""
import json
import math
import os
import pathlib
import shutil
import sys

import sentencepiece
import torch
from PIL import Image, ImageDraw

import clip_reference
import family_reference
import random_families
import random_model

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import make_family_text_golden as family_text
import make_text_golden as clip_text

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT = os.path.join(HERE, "..", "..", "tests", "golden", "text")
OUT = os.path.join(HERE, "..", "..", "tests", "golden", "clip")
MERGES = [("d", "o"), ("do", "g</w>"), ("c", "a"), ("ca", "t</w>"), ("r", "e"), ("re", "d</w>"), ("t", "h"),
          ("th", "e</w>")]
MODELS = {
    # OpenAI's layout: QuickGELU, and a config that states end token 2.
    "quick_gelu": dict(patch=8, image=32, width=48, heads=3, layers=2, text_width=32, text_heads=2, text_layers=2,
                       projection=24, context=16, eos=2, seed=1),
    # Sizes that are not multiples of a vector width; another activation; F16 weights.
    "gelu": dict(patch=7, image=35, width=36, heads=4, layers=2, hidden=50, text_width=22, text_heads=2, text_layers=3,
                 text_hidden=30, projection=17, context=12, act="gelu", dtype=torch.float16, seed=2),
    "gelu_tanh": dict(patch=16, image=48, width=40, heads=5, layers=1, text_width=24, text_heads=3, text_layers=1,
                      projection=32, context=20, act="gelu_pytorch_tanh", dtype=torch.bfloat16, seed=3),
}


def picture(width, height, seed):
    """Smooth colours with a few sharp shapes, which resampling and compression affect differently."""
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
    """Writes the features of `model` for the pictures and for texts, which are pairs of a text (or None) and its token
    ids; the reference gets padded(ids)."""
    expected = {"images": {}, "texts": []}
    for file in [*pictures, "photo.jpg"]:
        feature = model.image_feature(model.pixels(os.path.join(OUT, file)))
        expected["images"][file] = [round(value, 7) for value in feature.tolist()]
    for text, ids in texts:
        feature = model.text_feature(padded(ids))
        row = {} if text is None else {"text": text}
        expected["texts"].append(row | {"ids": ids, "feature": [round(value, 7) for value in feature.tolist()]})
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, separators=(",", ":"))
        file.write("\n")


TEXTS = ["", "the red dog", "A photo of the CAT, on a sofa.",
         "\u4e00\u4e2a\u5728\u6c99\u53d1\u4e0a\u7684\u72d7", "two dogs " * 40]


def tokenized(context, ids_of):
    """TEXTS with their ids, cut to the context as the families do: the end token is kept."""
    rows = [(text, ids_of(text)) for text in TEXTS]
    return [(text, ids if len(ids) <= context else [*ids[:context - 1], ids[-1]]) for text, ids in rows]


def make_open_clip(pictures, sizes):
    for name, custom_text in (("open_clip", False), ("open_clip_custom_text", True)):
        folder = os.path.join(OUT, name)
        random_families.write_open_clip(folder, custom_text=custom_text, head_width=8, merges=MERGES, projection=20,
                                        context=16, act="gelu", dtype=torch.float16, seed=4, **sizes)
        reference = os.path.join(folder, "hf")
        model = family_reference.OpenClip(reference)
        ids = random_model.vocabulary(MERGES)
        ranks = {pair: rank for rank, pair in enumerate(MERGES)}
        write_expected(folder, model, pictures, tokenized(
            16, lambda text: clip_text.encode(clip_text.clean(text.encode()), ids, ranks)))
        shutil.rmtree(reference)


def make_siglip(pictures, sizes):
    """The first version with spiece.model, which pads with its end token, and the second with Gemma's tokenizer.json,
    which has a padding token."""
    context = 10
    for name, source, target, clean, pad in (
            ("siglip", "unigram.model", "spiece.model", family_text.clean_siglip, 1),
            ("siglip2", "gemma.model", "tokenizer.json", family_text.clean_siglip2, 0)):
        folder = os.path.join(OUT, name)
        pieces = sentencepiece.SentencePieceProcessor(model_file=os.path.join(TEXT, source))
        random_families.write_siglip(folder, vocabulary=pieces.get_piece_size(), context=context, hidden=52, seed=5,
                                     resample=2, dtype=torch.float16, **sizes)
        shutil.copy(os.path.join(TEXT, "gemma.json" if target.endswith(".json") else source),
                    os.path.join(folder, target))
        write_expected(folder, family_reference.Siglip(folder), pictures, tokenized(
            context, lambda text: family_text.answer(pieces, clean(text.encode()))),
            lambda ids: ids + [pad] * (context - len(ids)))


def make_chinese_clip(pictures, sizes):
    folder = os.path.join(OUT, "chinese_clip")
    vocabulary = {token: i for i, token in enumerate(family_text.WORD_PIECES)}
    random_families.write_chinese_clip(folder, vocabulary=len(vocabulary), projection=20, seed=6, **sizes)
    shutil.copy(os.path.join(TEXT, "vocab.txt"), folder)
    write_expected(folder, family_reference.ChineseClip(folder), pictures, tokenized(
        52, lambda text: family_text.word_pieces(text, vocabulary)))


def make_families(pictures):
    """The other layouts: open_clip (plain and below "text."), SigLIP, Chinese-CLIP."""
    sizes = dict(patch=8, image=32, width=32, heads=4, layers=2, text_width=24, text_heads=3, text_layers=2)
    make_open_clip(pictures, sizes)
    make_siglip(pictures, sizes)
    make_chinese_clip(pictures, sizes)


def main():
    os.makedirs(OUT, exist_ok=True)
    pictures = {"wide.png": (90, 50), "tall.png": (33, 120), "square.png": (64, 64), "small.png": (20, 17),
                # Resized to 32 pixels, the crop removes 23 and 35 pixels, for which transformers and torchvision differ.
                "odd_wide.png": (83, 48), "odd_tall.png": (40, 84)}
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
        write_expected(folder, model, pictures, [(None, [end - 1, *ids, end]) for ids in texts])
    make_families(pictures)


if __name__ == "__main__":
    main()
