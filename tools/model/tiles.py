"""The stock of finished tiles: every thing from every source, the plain shapes, and pictures of each type."""
import os
import random

import numpy as np
import torch

import canvas
import kinds
import pictograms
import repertoire
import shapes


class Stock:
    """Tiles of `side` pixels and whole pictures of `page_side` pixels, stored in the folder `cache` between runs."""

    def __init__(self, cache, side=64, page_side=64, pages_of_kind=150, sources=pictograms.TRAINING, seed=1):
        self.things = repertoire.load(pictograms.has_picture)
        path = os.path.join(cache, f"stock-{side}-{page_side}-{pages_of_kind}-{'-'.join(sources)}-{seed}.npz")
        if not os.path.exists(path):
            os.makedirs(cache, exist_ok=True)
            np.savez(path, **draw_stock(self.things, side, page_side, pages_of_kind, sources, seed))
        data = np.load(path)
        self.bank = canvas.Bank(data["tiles"])
        self.pages = torch.from_numpy(data["pages"])
        self.source = [sources[i] if i >= 0 else "shape" for i in data["source"]]
        self.is_line = [name == "shape" or pictograms.source(name).mono for name in self.source]
        self.tiles_of = [[] for _ in self.things]
        self.shape_tiles = {}
        for tile, (thing, shape) in enumerate(data["what"]):
            if shape >= 0:
                self.shape_tiles[shapes.SHAPE_NAMES[shape]] = tile
            else:
                self.tiles_of[thing].append(tile)
        self.shape_numbers = set(self.shape_tiles.values())
        self.page_kind = data["page_kind"]
        self.page_names = [kinds.KINDS[kinds.KIND_LIST[kind]] for kind in self.page_kind]

    def prefer(self, weights):
        """Repeats each thing's tiles by the weight of their source, so that a uniform choice follows the weights."""
        self.tiles_of = [[tile for tile in tiles for _ in range(weights[self.source[tile]])] for tiles in self.tiles_of]


def draw_stock(things, side, page_side, pages_of_kind, sources, seed):
    tiles, what, source = [], [], []
    for number, name in enumerate(sources):
        drawer = pictograms.source(name)
        for i, thing in enumerate(things):
            tile = drawer.draw(thing.text, side)
            if tile is not None:
                tiles.append(np.asarray(tile))
                what.append((i, -1))
                source.append(number)
    for i, name in enumerate(shapes.SHAPE_NAMES):
        tiles.append(np.asarray(shapes.draw(name, side)))
        what.append((-1, i))
        source.append(-1)
    rng, pages, page_kind = random.Random(seed), [], []
    for kind, draw in enumerate(kinds.KIND_LIST):
        for _ in range(pages_of_kind):
            pages.append(np.asarray(draw(rng, 4 * page_side).resize((page_side, page_side), 3)))
            page_kind.append(kind)
    return {
        "tiles": np.stack(tiles).transpose(0, 3, 1, 2).copy(), "what": np.array(what), "source": np.array(source),
        "pages": np.stack(pages).transpose(0, 3, 1, 2).copy() if pages else np.zeros((0, 3, page_side, page_side), np.uint8),
        "page_kind": np.array(page_kind, int),
    }
