#!/usr/bin/python3
"""Compares the built program with PyTorch and Pillow on a model of full size, or on any model folder.

    tools/reference/check_parity.py build/release/clipseek B/32              random weights of that size, in /tmp
    tools/reference/check_parity.py build/release/clipseek B/32 --open-clip  the same in open_clip's layout
    tools/reference/check_parity.py build/release/clipseek DIR               a checkpoint folder

Prints, for each precision, the smallest cosine between the features of clipseek and of the reference for pictures in
lossless formats, for JPEGs and for texts. The printed cosine between different inputs shows how significant a high one
is. Token ids are taken from `clipseek tokenize`, because they have their own reference.
"""
import json
import os
import subprocess
import sys
import tempfile

import torch

import clip_reference
import family_reference
import random_families
import random_model
from make_golden import MERGES, OUT, picture

TEXTS = ["", "a dog", "a photo of a dog and a cat on a red sofa", "the red cat " * 30]


def run(program, *arguments):
    answer = subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in answer.stdout.splitlines()]


def has_bf16(program):
    """Returns whether this CPU supports bf16; tried with the bundled model, which is small."""
    tried = subprocess.run([program, "encode", "--precision", "bf16", "--text", "a"], check=False, capture_output=True, text=True)
    if tried.returncode != 0:
        print(tried.stderr.strip())
    return tried.returncode == 0


def make_pictures(folder):
    files = [os.path.join(OUT, name) for name in ("wide.png", "tall.png", "square.png", "photo.jpg")]
    for seed, (name, size) in enumerate({"a.png": (500, 375), "b.png": (300, 900), "c.jpg": (1600, 1200),
                                         "d.jpg": (800, 2000), "e.png": (500, 369), "f.png": (369, 500)}.items()):
        files.append(os.path.join(folder, name))
        picture(*size, seed + 11).save(files[-1], quality=90)
    return files


def compare(program, folder, reference, scratch):
    files = make_pictures(scratch)
    images = {file: reference.image_feature(reference.pixels(file)) for file in files}
    ids = run(program, "tokenize", "--model", folder, "--json", *TEXTS)
    texts = [reference.text_feature(answer["ids"]) for answer in ids]
    lossless = [file for file in files if file.endswith(".png")]
    print(f"between different pictures {float(images[files[0]] @ images[files[4]]):.4f}, "
          f"between different texts {float(texts[1] @ texts[2]):.4f}")
    for precision in ("f32", "bf16") if has_bf16(program) else ("f32",):
        options = ["encode", "--model", folder, "--precision", precision, "--json"]
        answers = run(program, *options, *(word for file in files for word in ("--image", file)),
                      *(word for text in TEXTS for word in ("--text", text)))
        features = [torch.tensor(answer["feature"], dtype=torch.float64) for answer in answers]
        cosine = {file: float(feature @ images[file].double()) for file, feature in zip(files, features)}
        of_texts = [float(a @ b.double()) for a, b in zip(features[len(files):], texts)]
        print(f"{precision}: lossless {min(cosine[file] for file in lossless):.7f}, "
              f"JPEG {min(cosine[file] for file in files if file not in lossless):.5f}, texts {min(of_texts):.7f}")


def main():
    program, model, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, "model")
        if options == ["--open-clip"]:
            shape = random_model.ARCHITECTURES[model]
            random_families.write_open_clip(folder, head_width=shape["width"] // shape["heads"], merges=MERGES, seed=5,
                                            **shape)
            reference = family_reference.OpenClip(os.path.join(folder, "hf"))
        else:
            if model in random_model.ARCHITECTURES:
                random_model.write(folder, merges=MERGES, seed=5, **random_model.ARCHITECTURES[model])
            else:
                folder = model
            reference = clip_reference.Model(folder)
        compare(program, folder, reference, scratch)


if __name__ == "__main__":
    main()
