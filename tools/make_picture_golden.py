#!/usr/bin/python3
"""Writes tests/golden/image/: small pictures of every format and type, and the pixels of Pillow for them.

Debian 12: python3-pil python3-numpy python3-torchvision libheif-examples libavif-bin libjpeg-turbo-progs libtiff-tools
webp.

  pictures/        the files
  pictures.txt     FILE TOLERANCE WIDTH HEIGHT OFFSET: its RGB pixels are at OFFSET of pixels.bin; a decoder may differ
                   by TOLERANCE (for HEIC and lossy AVIF, which are compared with the original picture)
  scaled.txt       FILE MIN_SHORT_SIDE WIDTH HEIGHT OFFSET: a JPEG at a reduced scale, as Image.draft decodes it
  hostile/         files that must be refused (picture_hostile.py)
  hostile.txt      FILE CODE: the name of the ErrorCode
  resize.txt       WIDTH HEIGHT FILTER WIDTH HEIGHT OFFSET: Image.resize of sample(WIDTH, HEIGHT)
  crop.txt         WIDTH HEIGHT MODE RESIZE CODE CROP CROP OFFSET: bicubic resize and centre crop of
                   sample(WIDTH, HEIGHT), as CODE ("torchvision" or "transformers") computes them
  preprocess.txt   the numbers of one normalised crop
  pixels.bin       all pixels, without repetition
"""

import pathlib
import shutil

import numpy as np
from PIL import Image
from torchvision import transforms

import picture_cases
import picture_hostile
import picture_samples as samples
from picture_samples import sample

OUT = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "image"


class Golden:
    def __init__(self):
        self.lines = {"pictures": [], "scaled": [], "hostile": [], "resize": [], "crop": []}
        self.pixels = bytearray()

    def store(self, pixels):
        """Adds these bytes to pixels.bin where it does not contain them, and returns their offset."""
        data = np.ascontiguousarray(pixels, np.uint8).tobytes()
        at = self.pixels.find(data)
        if at < 0:
            at = len(self.pixels)
            self.pixels += data
        return at

    def add(self, name, data, expected=None, tolerance=0):
        (OUT / "pictures" / name).write_bytes(data)
        self.add_row("pictures", f"{name} {tolerance}", samples.pillow(data) if expected is None else expected)

    def add_row(self, table, key, pixels):
        height, width = pixels.shape[:2]
        self.lines[table].append(f"{key} {width} {height} {self.store(pixels)}")

    def refuse(self, name, data, code):
        (OUT / "hostile" / name).write_bytes(data)
        self.lines["hostile"].append(f"{name} {code}")

    def finish(self):
        for name, lines in self.lines.items():
            (OUT / f"{name}.txt").write_text("\n".join(lines) + "\n")
        (OUT / "pixels.bin").write_bytes(self.pixels)


def resize_cases(golden):
    for width, height, out_width, out_height in (
        (64, 48, 20, 15),
        (61, 47, 33, 29),
        (20, 15, 31, 26),
        (1, 1000, 5, 30),
        (1000, 1, 30, 5),
        (3, 2, 17, 19),
        (40, 40, 40, 9),
        (40, 40, 9, 40),
        (700, 500, 31, 17),
        (16, 16, 1, 1),
    ):
        for name, kind in ("bilinear", Image.Resampling.BILINEAR), ("bicubic", Image.Resampling.BICUBIC):
            out = np.asarray(Image.fromarray(sample(width, height)).resize((out_width, out_height), kind))
            golden.add_row("resize", f"{width} {height} {name}", out)


def transformers_crop(pixels, mode, size, crop):
    """As transformers' image processors for CLIP do it (TorchvisionBackend.center_crop, the default since version 5):
    a side that is too short gets (crop - side) // 2 black pixels before it, and a crop begins at
    int((side - crop) / 2)."""
    height, width = pixels.shape[:2]
    if mode == "shortest_edge":
        short = min(width, height)
        target = int(size * width / short), int(size * height / short)
    else:
        target = size, size
    resized = np.asarray(Image.fromarray(pixels).resize(target, Image.Resampling.BICUBIC))
    short_by = [max(crop - side, 0) for side in resized.shape[:2]]
    padded = np.pad(resized, [*((missing // 2, (missing + 1) // 2) for missing in short_by), (0, 0)])
    top, left = (int((side - crop) / 2) for side in padded.shape[:2])
    return padded[top : top + crop, left : left + crop]


def torchvision_crop(pixels, mode, size, crop):
    """As openai/CLIP and open_clip do it, with the library that both use."""
    resize = transforms.Resize(
        size if mode == "shortest_edge" else (size, size), interpolation=transforms.InterpolationMode.BICUBIC
    )
    return np.asarray(transforms.CenterCrop(crop)(resize(Image.fromarray(pixels))))


def crop_cases(golden):
    for width, height, mode, size, crop in (
        (90, 60, "shortest_edge", 20, 20),
        (61, 97, "shortest_edge", 21, 18),
        (97, 61, "shortest_edge", 20, 19),
        (400, 300, "shortest_edge", 24, 24),
        (10, 10, "shortest_edge", 18, 18),
        (3, 900, "shortest_edge", 16, 16),
        (900, 3, "shortest_edge", 16, 16),
        (50, 40, "shortest_edge", 16, 27),
        (40, 50, "shortest_edge", 17, 20),
        (90, 60, "squash", 20, 20),
        (33, 71, "squash", 16, 16),
        (1, 1, "shortest_edge", 8, 8),
        # What is cut off: 1, 3, 5, 7 and 9 pixels of one side, and of both.
        (67, 64, "shortest_edge", 24, 24),
        (64, 73, "shortest_edge", 24, 24),
        (78, 64, "shortest_edge", 24, 24),
        (64, 83, "shortest_edge", 24, 24),
        (88, 64, "shortest_edge", 24, 24),
        (70, 60, "shortest_edge", 21, 18),
        (60, 80, "shortest_edge", 20, 17),
    ):
        for code, crops in ("transformers", transformers_crop), ("torchvision", torchvision_crop):
            out = crops(sample(width, height), mode, size, crop)
            golden.add_row("crop", f"{width} {height} {mode} {size} {code}", out)
    pixels = transformers_crop(sample(12, 9), "shortest_edge", 6, 6)
    mean = np.array([0.48145466, 0.4578275, 0.40821073], np.float32)
    std = np.array([0.26862954, 0.26130258, 0.27577711], np.float32)
    numbers = ((pixels * (1 / 255)).astype(np.float32) - mean) / std
    (OUT / "preprocess.txt").write_text("".join(f"{n!r}\n" for n in numbers.transpose(2, 0, 1).reshape(-1).tolist()))


def main():
    shutil.rmtree(OUT, ignore_errors=True)
    (OUT / "pictures").mkdir(parents=True)
    (OUT / "hostile").mkdir()
    golden = Golden()
    heic, avif = picture_cases.add_all(golden)
    picture_hostile.add_all(golden, heic, avif, sample(14, 9))
    resize_cases(golden)
    crop_cases(golden)
    golden.finish()


if __name__ == "__main__":
    main()
