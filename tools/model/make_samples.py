#!/usr/bin/python3
"""Draws samples/: pictures made with the tools of the training data, from seeds that training never uses.

    tools/model/make_samples.py --out samples

Needs heif-enc (libheif-examples) and avifenc (libavif-bin) for the HEIC and AVIF files.
"""
import argparse
import os
import random
import subprocess
import tempfile

import numpy as np
import torch
from PIL import Image, ImageFilter

import canvas
import captions
import kinds
import pictograms
import scenes
import shapes
import tiles

SEED = 77_000_000
TILE = 384

LIGHT = [(1, 1, 1), (0.97, 0.96, 0.92), (0.90, 0.95, 1.0), (1.0, 0.93, 0.90), (0.91, 0.97, 0.90), (0.95, 0.92, 1.0), (1.0, 0.97, 0.82)]

# (English name, how it is drawn): one thing on a calm ground
SINGLES = [
    ("dog face", "noto"), ("cat", "noto"), ("automobile", "noto"), ("rocket", "noto"), ("butterfly", "noto"), ("pizza", "noto"), ("red apple", "noto"),
    ("sunflower", "noto"), ("guitar", "noto"), ("elephant", "noto"), ("lion", "noto"), ("robot", "noto"), ("sailboat", "noto"), ("house", "noto"),
    ("birthday cake", "noto"), ("hot beverage", "noto"), ("bicycle", "noto"), ("airplane", "noto"), ("penguin", "noto"), ("owl", "noto"),
    ("octopus", "noto"), ("cactus", "noto"), ("mushroom", "noto"), ("rainbow", "noto"), ("snowman", "noto"), ("umbrella", "noto"),
    ("t-rex", "noto"), ("soccer ball", "noto"), ("bus", "noto"), ("banana", "noto"), ("key", "noto"), ("light bulb", "noto"), ("fire", "noto"),
    ("crown", "noto"), ("face with tears of joy", "noto"), ("smiling face with sunglasses", "noto"), ("crying face", "noto"), ("couch and lamp", "noto"),
    ("flag: japan", "noto"), ("flag: canada", "noto"), ("flag: brazil", "noto"), ("christmas tree", "noto"), ("camera", "noto"), ("violin", "noto"),
    ("cat", "symbola"), ("dog", "symbola"), ("horse", "symbola"), ("bicycle", "symbola"), ("sailboat", "symbola"), ("butterfly", "symbola"),
    ("rocket", "symbola"), ("snail", "symbola"), ("tiger", "symbola"), ("elephant", "symbola"), ("locomotive", "symbola"), ("hamburger", "symbola"),
    ("snail", "pixels"), ("rocket", "pixels"), ("cat face", "pixels"), ("alien monster", "pixels"),
]
# (count, colour, name, ground)
GROUPS = [
    (2, "red", "heart", "white"), (3, "blue", "star", "yellow"), (1, "green", "triangle", "black"), (4, "orange", "circle", "light blue"),
    (1, "yellow", "star", "purple"), (5, "purple", "diamond", "white"), (6, "black", "square", "orange"), (1, "red", "circle", "white"),
    (3, "pink", "ring", "grey"), (2, "green", "arrow", "white"), (1, "blue", "hexagon", "pink"), (2, None, "cat", None), (3, None, "red apple", "white"),
    (4, None, "tulip", "light blue"), (5, None, "fish", "blue"), (3, None, "balloon", None), (6, None, "honeybee", "yellow"),
    (2, None, "penguin", "light blue"),
    (1, None, "dog face", "blue"), (1, None, "frog", "red"), (1, "red", "automobile", "white"), (1, "blue", "elephant", None),
]
# (first, word, second); a subject is a name or (colour, name)
PAIRS = [
    ("dog face", "left", "automobile"), ("automobile", "left", "dog face"), ("cat", "above", "house"), ("house", "above", "cat"),
    ("sun", "above", "sailboat"), (("red", "circle"), "left", ("blue", "square")), (("blue", "square"), "above", ("red", "circle")),
    (("yellow", "star"), "inside", ("blue", "circle")), (("white", "heart"), "inside", ("red", "square")), ("rocket", "above", "full moon face"),
    ("banana", "beside", "red apple"), ("guitar", "beside", "drum"), ("robot", "left", ("green", "triangle")), ("rabbit face", "right", "carrot"),
    ("bus", "below", "airplane"), (("pink", "heart"), "right", "teddy bear"), ("key", "left", "locked"), ("ewe", "below", "cloud"),
]


class Studio:
    """Draws one scene at a time at any size."""

    def __init__(self, work):
        wanted = {name for name, _ in SINGLES} | {name for _, _, name, _ in GROUPS}
        wanted |= {side if isinstance(side, str) else side[1] for a, _, b in PAIRS for side in (a, b)}
        self.stock = small_stock(work, wanted)
        self.by_name = {thing.en: i for i, thing in enumerate(self.stock.things)}
        missing = [name for name in wanted if name not in self.by_name and name not in shapes.SHAPES]
        if missing:
            raise SystemExit(f"no such things: {missing}")

    def draw(self, scene, side, seed):
        pages = self.stock.pages
        picture = canvas.draw(scenes.Batch([scene]), self.stock.bank, pages, side, torch.Generator().manual_seed(seed))[0]
        return Image.fromarray((picture.permute(1, 2, 0).numpy() * 255 + 0.5).astype(np.uint8))

    def tile(self, name, source):
        found = [tile for tile in self.stock.tiles_of[self.by_name[name]] if self.stock.source[tile] == source]
        if not found:
            raise SystemExit(f"{name}: not in {source}")
        return found[0]

    def subject(self, what):
        colour, name = (None, what) if isinstance(what, str) else what
        if name in shapes.SHAPES and colour:
            return (name, "", None, self.stock.shape_tiles[name], colour)
        return (name, "", None, self.tile(name, "noto"), colour)


def small_stock(work, names):
    """A stock with large tiles of only these things. Noto's bitmaps are enlarged with a sharp outline."""
    stock = tiles.Stock.__new__(tiles.Stock)
    stock.things = [thing for thing in tiles.repertoire.load(pictograms.has_picture) if thing.en in names]
    drawn, stock.source, stock.tiles_of = [], [], [[] for _ in stock.things]
    for name in ("noto", "symbola"):
        for i, thing in enumerate(stock.things):
            tile = pictograms.source(name).draw(thing.text, 136 if name == "noto" else TILE)
            if tile is not None:
                stock.tiles_of[i].append(len(drawn))
                drawn.append(enlarge(tile) if name == "noto" else tile)
                stock.source.append(name)
    stock.shape_tiles = {}
    for name in shapes.SHAPE_NAMES:
        stock.shape_tiles[name] = len(drawn)
        drawn.append(shapes.draw(name, TILE))
        stock.source.append("shape")
    stock.is_line = [name in ("symbola", "shape") for name in stock.source]
    stock.shape_numbers = set(stock.shape_tiles.values())
    stock.bank = canvas.Bank(np.stack([np.asarray(tile) for tile in drawn]).transpose(0, 3, 1, 2).copy())
    stock.pages = torch.zeros(0, 3, 8, 8, dtype=torch.uint8)
    return stock


def enlarge(tile):
    large = tile.convert("RGBa").resize((TILE, TILE), Image.BICUBIC).convert("RGBA").filter(ImageFilter.UnsharpMask(3, 60, 2))
    soft = tile.getchannel("A").resize((TILE, TILE), Image.BICUBIC)
    large.putalpha(soft.point(lambda value: max(0, min(255, round((value - 128) * 2.4 + 128)))))
    return large


def calm_ground(author, rng):
    light = rng.choice(LIGHT)
    if rng.random() < 0.35:
        return ("gradient", light, tuple(v * rng.uniform(0.78, 0.92) for v in light))
    if rng.random() < 0.3:
        name = rng.choice(("light blue", "pink", "yellow", "green", "blue", "orange"))
        return ("flat", author.shade_of(name, 0.03), (1, 1, 1))
    return ("flat", light, light)


def single_scene(studio, author, name, source):
    rng = author.rng
    scene = scenes.Scene(loss=0.0, ground=calm_ground(author, rng))
    tile = studio.tile(name, "symbola" if source == "symbola" else "noto")
    style, first, second = canvas.PIXELS if source == "pixels" else canvas.PLAIN, (0, 0, 0), (1, 1, 1)
    if source == "symbola":
        style = rng.choice((canvas.INK, canvas.FILLED))
        first = rng.choice(((0.08, 0.08, 0.1), (0.1, 0.2, 0.5), (0.45, 0.1, 0.15), (0.05, 0.35, 0.25)))
        second = rng.choice(((1, 1, 1), (1, 0.92, 0.7), (0.8, 0.93, 1), (1, 0.85, 0.85)))
    scene.layers.append(scenes.layer(tile, 0.5 + rng.uniform(-0.05, 0.05), 0.5 + rng.uniform(-0.05, 0.05), rng.uniform(0.62, 0.8), rng.gauss(0, 0.06),
                                     style=style, first=first, second=second))
    return scene


def composed_scene(studio, author, spec):
    author.ground = lambda: calm_ground(author, author.rng)
    author.ground_of = lambda name: ("flat", author.shade_of(name, 0.02), (1, 1, 1))
    return author.realise(spec)


def plan(studio):
    """[(file stem, function from side to picture)]"""
    found = []

    def add(stem, scene_of):
        seed = SEED + len(found)
        found.append((stem, lambda side: studio.draw(scene_of(scenes.Author(studio.stock, random.Random(seed), tidy=True)), side, seed)))

    for name, source in SINGLES:
        stem = name.replace(":", "").replace(" ", "-") + {"noto": "", "symbola": "-drawn-in-lines", "pixels": "-in-pixels"}[source]
        add(stem, lambda author, name=name, source=source: single_scene(studio, author, name, source))
    for count, colour, name, ground in GROUPS:
        spec = {"relation": None, "count": count, "ground": ground, "subjects": [studio.subject((colour, name))]}
        many = name.removesuffix(" face") if count == 1 else captions.plural(name)
        said = f"{captions.NUMBERS[count][0]} {colour or ''} {many} {'on ' + ground if ground else ''}"
        add("-".join(said.split()), lambda author, spec=spec: composed_scene(studio, author, spec))
    for first, word, second in PAIRS:
        spec = {"relation": word, "count": 1, "ground": None, "subjects": [studio.subject(first), studio.subject(second)]}
        said = [side if isinstance(side, str) else " ".join(side) for side in (first, second)]
        link = {"left": "left of", "right": "right of", "inside": "inside", "above": "above", "below": "below", "beside": "beside"}[word]
        add(f"{said[0]} {link} {said[1]}".replace(" face", "").replace(" ", "-"), lambda author, spec=spec: composed_scene(studio, author, spec))
    for number, kind in enumerate(kinds.KIND_LIST):
        seed = SEED + 5000 + number
        stem = kinds.KINDS[kind][0][0].replace(" ", "-")
        found.append((stem, lambda side, kind=kind, seed=seed: kind(random.Random(seed), 2 * side).resize((side, side), Image.LANCZOS)))
        if kind in (kinds.face, kinds.bar_chart):
            found.append((stem + "-2", lambda side, kind=kind, seed=seed: kind(random.Random(seed + 100), 2 * side).resize((side, side), Image.LANCZOS)))
    return found


# format, side of the picture; the list is repeated
FORMATS = [("jpg", 640), ("png", 360), ("webp", 720), ("jpg", 480), ("avif", 640), ("jpg", 800), ("png", 300), ("heic", 640), ("jpg", 560), ("webp", 512),
           ("gif", 256), ("jpg", 1024), ("png", 320), ("tiff", 280), ("jpg", 400), ("bmp", 150), ("jpg", 1600), ("png", 400), ("webp", 1200)]
TURNS = {2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE,
         6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270}


def widen(picture, rng):
    """Makes some pictures wider or higher than square: extends the ground left and right, or above and below."""
    if rng.random() < 0.5:
        return picture
    side, extra = picture.width, int(picture.width * rng.choice((0.2, 0.33, 0.5)) / 2)
    edge = np.asarray(picture)
    border = np.concatenate([edge[0], edge[-1], edge[:, 0], edge[:, -1]])
    if int(border.max(0).astype(int).max() - border.min(0).min()) > 255 or (border.max(0).astype(int) - border.min(0)).max() > 12:
        return picture  # the ground is not plain
    pads = ((0, 0), (extra, extra), (0, 0)) if rng.random() < 0.65 else ((extra, extra), (0, 0), (0, 0))
    return Image.fromarray(np.pad(edge, pads, mode="edge")) if side else picture


def store(picture, path, turn):
    """Writes the picture in the format of the path's suffix. `turn` is the EXIF orientation; the stored pixels are rotated or mirrored to match."""
    ending = path.rsplit(".", 1)[1]
    if ending in ("heic", "avif"):
        with tempfile.TemporaryDirectory() as folder:
            source = os.path.join(folder, "picture.png")
            picture.save(source)
            tool = ["heif-enc", "-q", "50", "-o", path, source] if ending == "heic" else ["avifenc", "-q", "60", "-s", "4", source, path]
            if ending == "avif":
                tool = ["avifenc", "--min", "20", "--max", "32", "-s", "4", source, path]
            subprocess.run(tool, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return
    exif = Image.Exif()
    if turn > 1:
        exif[0x0112] = turn
        picture = picture.transpose(TURNS[turn])
    options = {"jpg": {"quality": 82, "optimize": True, "exif": exif}, "png": {"optimize": True}, "webp": {"quality": 80, "method": 6},
               "tiff": {"compression": "tiff_lzw"}, "gif": {}, "bmp": {}}[ending]
    if ending == "jpg" and turn == 1:
        exif[0x0112] = 1
    if ending in ("gif", "png"):
        picture = picture.quantize(128, dither=Image.NONE) if ending == "gif" else picture
    picture.save(path, **options)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--work", default="/tmp/clipseek-model")
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    studio, rng, turn, at = Studio(args.work), random.Random(SEED), 0, 0
    for stem, draw in plan(studio):
        ending, side = FORMATS[at % len(FORMATS)]
        at += 1
        orientation = 1
        if ending == "jpg" and turn < 8:
            turn += 1
            orientation = turn
        store(widen(draw(side), rng), os.path.join(args.out, f"{stem}.{ending}"), orientation)


if __name__ == "__main__":
    main()
