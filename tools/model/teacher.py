"""Training batches: pictures, their captions, and which captions are true of which pictures."""
import random

import numpy as np
import torch

import canvas
import export
import scenes

MEAN = torch.tensor(export.MEAN).view(1, 3, 1, 1)
STD = torch.tensor(export.STD).view(1, 3, 1, 1)
TEXT_PARTS = 4
COMPOSED, WHOLE = 0.17, 0.04  # shares of a batch: pairs of composed scenes, whole pictures; the rest are single things


class Teacher:
    """Draws training batches and determines which captions are true of which pictures. A batch depends only on its number."""

    def __init__(self, stock, tokenizer, shape, batch, seed):
        self.stock, self.tokenizer, self.shape, self.batch, self.seed = stock, tokenizer, shape, batch, seed
        self.author = scenes.Author(stock, random.Random())
        self.generator = torch.Generator()

    def begin(self, number):
        self.author.rng.seed(self.seed * 1_000_003 + number)
        self.generator.manual_seed(self.seed * 1_000_003 + number)

    def scenes(self):
        composed = round(self.batch * COMPOSED)
        whole = round(self.batch * WHOLE)
        things = self.author.rng.sample(range(len(self.stock.things)), self.batch - 2 * composed - whole)
        batch = [self.author.single(thing) for thing in things]
        for _ in range(composed):
            batch += self.author.pair()
        return batch + [self.author.whole(self.author.rng.randrange(len(self.stock.pages))) for _ in range(whole)]

    def tokens(self, captions):
        """Token rows sorted by length and divided into parts of equal size, so that short captions are not padded to the longest."""
        rows = [self.tokenizer.encode(text, self.shape.length) for text in captions]
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        parts = []
        for numbers in np.array_split(order, TEXT_PARTS):
            ends = torch.tensor([len(rows[i]) - 1 for i in numbers])
            ids = torch.full((len(numbers), int(ends.max()) + 1), self.tokenizer.end)
            for at, i in enumerate(numbers):
                ids[at, : len(rows[i])] = torch.tensor(rows[i])
            parts.append((ids, ends))
        return parts, torch.tensor(order).argsort()

    def next(self, number, side):
        self.begin(number)
        batch = self.scenes()
        pictures = canvas.draw(scenes.Batch(batch), self.stock.bank, self.stock.pages, side, self.generator)
        everything = torch.arange(len(batch))
        half = everything[(everything // 2 + number) % 2 == 0]  # every second pair, with Chinese captions: they double the cost
        return {
            "pixels": (pictures - MEAN) / STD,
            "texts": [(everything, *self.tokens([scene.en for scene in batch])), (half, *self.tokens([batch[i].zh for i in half]))],
            "true": self.truth(batch),
            "thing": torch.tensor([scene.thing for scene in batch]),
        }

    def truth(self, batch):
        """[pictures, captions]: true where the caption, though of another picture, is also true of this one."""
        true = torch.zeros(len(batch), len(batch), dtype=torch.bool)
        position = {}
        for j, scene in enumerate(batch):
            position.setdefault(scene.meaning, []).append(j)
        for i, scene in enumerate(batch):
            for fact in (scene.meaning, *scene.facts):
                for j in position.get(fact, ()):
                    true[i, j] = True
        return true
