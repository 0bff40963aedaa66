"""Random scenes: the content of a picture, its arrangement, its style and its captions.

A `Scene` describes one picture; `canvas.draw` draws a `Batch` of them. Scenes of several things are made in pairs that differ
in one property (count, colour, order, background), so that every training batch contains hard negatives.
"""
from dataclasses import dataclass, field

import numpy as np

import canvas
import captions
from shapes import COLOUR_NAMES, COLOURS, SHAPE_NAMES, SHAPES

LAYER = np.dtype([("picture", "i8"), ("depth", "i8"), ("tile", "i8"), ("x", "f4"), ("y", "f4"), ("size", "f4"), ("angle", "f4"), ("shear", "f4"),
                  ("style", "i4"), ("first", "f4", 3), ("second", "f4", 3), ("shade", "f4"), ("shadow", "f4")])

# The things of composed scenes: everyday things that are recognisable when small.
EVERYDAY = (
    "\U0001F436\U0001F431\U0001F42D\U0001F439\U0001F430\U0001F98A\U0001F43B\U0001F43C\U0001F428\U0001F42F"
    "\U0001F981\U0001F42E\U0001F437\U0001F438\U0001F435"
    "\U0001F414\U0001F427\U0001F986\U0001F985\U0001F989\U0001F987\U0001F43A\U0001F434\U0001F984\U0001F41D\U0001F98B\U0001F40C\U0001F41E\U0001F41C\U0001F422"
    "\U0001F40D\U0001F98E\U0001F996\U0001F419\U0001F980\U0001F42C\U0001F433\U0001F988\U0001F40A\U0001F418\U0001F42A\U0001F992\U0001F404\U0001F40E\U0001F411"
    "\U0001F415\U0001F408\U0001F413\U0001F99C\U0001F407\U0001F400\U0001F41F\U0001F420\U0001F3E0\U0001F3E5\U0001F3EB\U0001F3F0\U000026F5\U0001F6A2\U0001F680"
    "\U0001F681\U0001F697\U0001F695\U0001F68C\U0001F692\U0001F691\U0001F69A\U0001F69C\U0001F6B2\U0001F682\U0001F34E\U0001F34A\U0001F34B\U0001F34C\U0001F349"
    "\U0001F347\U0001F353\U0001F352\U0001F351\U0001F34D\U0001F965\U0001F951\U0001F346\U0001F955\U0001F33D\U0001F966\U0001F35E\U0001F9C0\U0001F354\U0001F355"
    "\U0001F32D\U0001F369\U0001F36A\U0001F382\U0001F36D\U0001F366\U0001F37A\U0001F333\U0001F334\U0001F335\U0001F337\U0001F339\U0001F33B\U0001F344\U0001F341"
    "\U00002600\U0001F319\U00002B50\U00002601\U0001F308\U0001F525\U0001F4A7\U000026C4\U0001F388\U0001F381\U000026BD\U0001F3C0\U0001F3BE\U0001F3B8\U0001F3BA"
    "\U0001F941\U0001F4F7\U0001F4F1\U0001F4BB\U0001F4FA\U000023F0\U0001F526\U0001F4A1\U0001F511\U0001F512\U0001F528\U00002702\U0000270F\U0001F4D5\U00002709"
    "\U0001F4E6\U0001F6AA\U0001FA91\U0001F6CF\U0001F6CB\U0001F6C1\U00002615\U0001F374\U0001F52A\U00002602\U0001F393\U0001F451\U0001F452\U0001F455\U0001F456"
    "\U0001F457"
    "\U0001F45F\U0001F460\U0001F453\U0001F916\U0001F47B\U0001F383\U0001F480\U0001F476\U0001F469\U0001F468\U00002764\U0001F3C6\U00002693\U0001F514\U00002708"
)
CLEAN = 0.6  # share of single things that are drawn unchanged, without clutter or degradation
ANIMAL_FACES = ("\U0001F436\U0001F431\U0001F42D\U0001F439\U0001F430\U0001F98A\U0001F43B\U0001F43C\U0001F428\U0001F42F"
                "\U0001F981\U0001F42E\U0001F437\U0001F438\U0001F435\U0001F43A\U0001F434")


@dataclass
class Scene:
    en: str = ""
    zh: str = ""
    meaning: tuple = ()  # the statement of the caption, to decide whether it is also true of other pictures
    facts: list = field(default_factory=list)  # further statements that are true of this picture
    ground: tuple = ("flat", (1, 1, 1), (1, 1, 1))
    layers: list = field(default_factory=list)  # dicts of LAYER's fields except picture and depth
    page: int = -1
    loss: float = 1.0
    thing: int = -1  # the number of the thing where the picture shows one alone


class Batch:
    """Scenes as the arrays that `canvas.draw` takes."""

    def __init__(self, scenes):
        kinds = {name: i for i, name in enumerate(canvas.BACKGROUNDS)}
        self.ground_kind = np.array([kinds[scene.ground[0]] for scene in scenes])
        self.ground_first = np.array([scene.ground[1] for scene in scenes], "f4")
        self.ground_second = np.array([scene.ground[2] for scene in scenes], "f4")
        self.page = np.array([scene.page for scene in scenes])
        self.loss = np.array([scene.loss for scene in scenes], "f4")
        rows = [(i, d, *layer) for i, scene in enumerate(scenes) for d, layer in enumerate(scene.layers)]
        self.layers = np.array(rows, LAYER)


def layer(tile, x, y, size, angle=0.0, shear=0.0, style=canvas.PLAIN, first=(0, 0, 0), second=(1, 1, 1), shade=0.0, shadow=0.0):
    return (tile, x, y, size, angle, shear, style, tuple(first), tuple(second), shade, shadow)


def names_colour(name):
    """True where other colours would make the name wrong: "blue heart", any flag."""
    words = name.replace("-", " ").split()
    return name.startswith("flag:") or any(colour in words for colour in COLOUR_NAMES) or "skin" in words


def distance(a, b):
    return abs(a[0] - b[0]) * 0.3 + abs(a[1] - b[1]) * 0.5 + abs(a[2] - b[2]) * 0.2


class Author:
    """Makes scenes. `stock` has the tiles (see tiles.Stock); `rng` is a random.Random."""

    def __init__(self, stock, rng, tidy=False):
        self.stock, self.rng = stock, rng
        self.tidy = tidy  # for samples: no clutter, no degradation, plain backgrounds
        self.true_colour = [names_colour(thing.en) for thing in stock.things]
        by_text = {thing.text: i for i, thing in enumerate(stock.things)}
        self.everyday = [by_text[letter] for letter in EVERYDAY if letter in by_text]

    # -- colours and backgrounds

    def shade_of(self, name, spread=0.07):
        return tuple(min(1.0, max(0.0, value / 255 + self.rng.uniform(-spread, spread))) for value in COLOURS[name][1:])

    def any_colour(self):
        return tuple(self.rng.random() for _ in range(3))

    def apart_from(self, colour):
        for _ in range(20):
            other = self.any_colour()
            if distance(colour, other) > 0.3:
                return other
        return (0, 0, 0) if sum(colour) > 1.5 else (1, 1, 1)

    def ground(self):
        rng, pick = self.rng, self.rng.random()
        if pick < 0.4:
            light = rng.uniform(0.88, 1)
            return ("flat", (light,) * 3, (light,) * 3)
        if pick < 0.65:
            return ("flat", self.any_colour(), (1, 1, 1))
        kind = rng.choices(canvas.BACKGROUNDS, (0, 4, 3, 2, 1, 3))[0]
        first = self.any_colour()
        reach = rng.uniform(0.1, 0.6 if kind in ("gradient", "blobs") else 0.35)
        second = tuple(min(1.0, max(0.0, value + rng.uniform(-reach, reach))) for value in first)
        return (kind, first, second)

    def ground_of(self, name):
        kind = self.rng.choices(canvas.BACKGROUNDS, (6, 2, 1, 0, 0, 1))[0]
        return (kind, self.shade_of(name), self.shade_of(name, 0.1))

    # -- one thing

    def tile_of(self, thing):
        tiles = self.stock.tiles_of[thing]
        if self.true_colour[thing]:
            tiles = [tile for tile in tiles if not self.stock.is_line[tile]] or tiles
        return self.rng.choice(tiles)

    def choose_style(self, tile, behind, true_colour=False):
        """Chooses (style, first, second, words) for a tile on a background of that colour; words is a key of captions.STYLES."""
        rng = self.rng
        if self.stock.is_line[tile]:
            style = rng.choices((canvas.INK, canvas.FILLED, canvas.REVERSED), (5, 4, 1))[0]
            first = self.apart_from(behind)
            if style == canvas.INK and rng.random() < 0.4:
                first = (0.05, 0.05, 0.05) if sum(behind) > 1.4 else (0.97, 0.97, 0.97)
            second = self.apart_from(first) if rng.random() < 0.7 else (1, 1, 1)
            return style, first, second, "line"
        shares = (80, 0, 0, 0, 0, 0, 0, 15, 5) if true_colour else (60, 18, 3, 2, 3, 5, 0.5, 6, 2.5)
        style = rng.choices(range(canvas.INK), shares)[0]
        first, second = self.any_colour(), self.any_colour()
        if style == canvas.DUOTONE:
            first, second = [sorted(pair) for pair in ((first, second),)][0]
            if sum(first) > sum(second):
                first, second = second, first
            if sum(second) - sum(first) < 0.9:
                first, second = tuple(v * 0.3 for v in first), tuple(0.5 + v * 0.5 for v in second)
        elif style == canvas.EDGES:
            second = self.apart_from(first) if rng.random() < 0.5 else (1, 1, 1)
            first = self.apart_from(second)
        elif style == canvas.FLAT:
            first = self.apart_from(behind)
        words = {canvas.GREY: "grey", canvas.EDGES: "line", canvas.FLAT: "flat", canvas.PIXELS: "pixel"}.get(style)
        return style, first, second, words

    def clutter(self, scene):
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            tile = self.stock.shape_tiles[self.rng.choice(SHAPE_NAMES)]
            x, y = self.rng.choice(((self.rng.random(), self.rng.choice((0.02, 0.98))), (self.rng.choice((0.02, 0.98)), self.rng.random())))
            style = self.rng.choice((canvas.FLAT, canvas.INK))
            scene.layers.append(layer(tile, x, y, self.rng.uniform(0.1, 0.3), self.rng.uniform(-3, 3), style=style, first=self.any_colour()))

    def single(self, thing, tile=None):
        """One thing on any background, in any style."""
        rng, scene = self.rng, Scene(thing=thing)
        clean = rng.random() < CLEAN
        scene.loss = 0.0 if self.tidy or clean else rng.choice((0.0, 0.5, 1.0))
        scene.ground = self.ground()
        named = None
        if rng.random() < 0.10:
            named = rng.choice(COLOUR_NAMES)
            scene.ground = self.ground_of(named)
        if not (self.tidy or clean) and rng.random() < 0.2:
            self.clutter(scene)
        tile = self.tile_of(thing) if tile is None else tile
        style, first, second, words = self.choose_style(tile, scene.ground[1], self.true_colour[thing])
        if clean and not self.stock.is_line[tile]:
            style, words = canvas.PLAIN, None
        size = rng.uniform(0.7, 1.0) if rng.random() < 0.85 else rng.uniform(0.45, 0.7)
        slack = max(0.03, 0.5 - size * 0.5)
        angle = rng.gauss(0, 0.14)
        scene.layers.append(layer(tile, 0.5 + rng.uniform(-slack, slack), 0.5 + rng.uniform(-slack, slack), size, angle, rng.gauss(0, 0.06),
                                  style, first, second, abs(rng.gauss(0, 0.2)) * (rng.random() < 0.4), 0.4 * (rng.random() < 0.2)))
        self.call_single(scene, self.stock.things[thing], words if words and rng.random() < 0.3 else None, named)
        return scene

    def call_single(self, scene, thing, words, named):
        rng = self.rng
        en, zh = thing.en, thing.zh
        scene.facts = [("text", word) for word in (thing.en, *thing.en_words)]
        if rng.random() < 0.15 and thing.en_words:
            en = rng.choice(thing.en_words)
        if rng.random() < 0.15 and thing.zh_words:
            zh = rng.choice(thing.zh_words)
        scene.meaning = ("text", en)
        scene.en, scene.zh = captions.single(rng, en, zh, words)
        if named:
            scene.en, scene.zh = captions.on_background(rng, (scene.en, scene.zh), (named, COLOURS[named][0]))
            scene.meaning = ("text", en, named)

    # -- several things

    def subject(self):
        """Chooses a coloured shape, a thing or a coloured thing: (English, Chinese, plural, tile, colour name or None)."""
        rng, pick = self.rng, self.rng.random()
        if pick < 0.45:
            name = rng.choice(SHAPE_NAMES)
            return (name, SHAPES[name][1], SHAPES[name][0], self.stock.shape_tiles[name], rng.choice(COLOUR_NAMES))
        thing = rng.choice(self.everyday)
        en, zh = self.short_name(thing)
        tile = self.tile_of(thing)
        colour = rng.choice(COLOUR_NAMES) if rng.random() < 0.25 else None
        return (en, zh, None, tile, colour)

    def short_name(self, thing):
        """The usual name of a thing: in a scene, the emoji "dog face" is called a dog."""
        it = self.stock.things[thing]
        if it.text in ANIMAL_FACES:
            return it.en.removesuffix(" face"), it.zh.removesuffix("脸").removesuffix("头") or it.zh
        return it.en, it.zh

    def subject_style(self, subject, ground):
        """(style, first, second) of a subject: its named colour if it has one, else its own colours."""
        rng, (_, _, _, tile, colour) = self.rng, subject
        if colour is None:
            if self.stock.is_line[tile]:
                first = self.apart_from(ground)
                return rng.choice(((canvas.INK, first, (1, 1, 1)), (canvas.FILLED, (0.1, 0.1, 0.1), (1, 1, 1))))
            return rng.choice((canvas.PLAIN, canvas.PLAIN, canvas.PLAIN, canvas.STICKER, canvas.POSTER)), (1, 1, 1), (0, 0, 0)
        value = self.shade_of(colour)
        if tile in self.stock.shape_numbers:
            if rng.random() < 0.25:
                return canvas.FILLED, tuple(v * 0.45 for v in value), value
            return canvas.FLAT, value, value
        if self.stock.is_line[tile]:
            dark = (0.05, 0.05, 0.05) if sum(value) > 0.8 else (0.95, 0.95, 0.95)
            return rng.choice(((canvas.INK, value, value), (canvas.FILLED, dark, value)))
        return canvas.DUOTONE, tuple(v * 0.35 for v in value), tuple(0.15 + 0.85 * v for v in value)

    def other_colour(self, *taken):
        return self.rng.choice([name for name in COLOUR_NAMES if name not in taken])

    def place(self, scene, subject, spots, size, turn=0.15):
        style, first, second = self.subject_style(subject, scene.ground[1])
        for x, y in spots:
            scene.layers.append(layer(subject[3], x, y, size * self.rng.uniform(0.92, 1.08), self.rng.gauss(0, turn), 0.0, style, first, second,
                                      shadow=0.35 * (self.rng.random() < 0.1)))

    def set_ground(self, scene, spec):
        if spec["ground"]:
            scene.ground = self.ground_of(spec["ground"])
            return
        for _ in range(30):
            scene.ground = self.ground()
            colours = [subject[4] for subject in spec["subjects"] if subject[4]]
            if all(distance(tuple(v / 255 for v in COLOURS[name][1:]), scene.ground[1]) > 0.2 for name in colours):
                return

    def counted(self, spec):
        """A scene of one to six equal things."""
        rng, scene, count = self.rng, Scene(loss=0.0 if self.tidy else 0.7), spec["count"]
        self.set_ground(scene, spec)
        subject = spec["subjects"][0]
        columns, rows = {1: (1, 1), 2: rng.choice(((2, 1), (2, 1), (1, 2), (2, 2))), 3: rng.choice(((3, 1), (2, 2), (3, 3), (1, 3))),
                         4: rng.choice(((2, 2), (3, 2), (2, 3), (4, 1))),
                         5: rng.choice(((3, 2), (2, 3), (3, 3))), 6: rng.choice(((3, 2), (2, 3), (3, 3)))}[count]
        cells = rng.sample([(c, r) for c in range(columns) for r in range(rows)], count)
        span = 1.0 / max(columns, rows)
        size = min(0.85, span * rng.uniform(0.68, 0.9)) if count > 1 else rng.uniform(0.4, 0.85)
        loose_x, loose_y = max(0.0, 1 / columns - size) * 0.4, max(0.0, 1 / rows - size) * 0.4
        spots = [((c + 0.5) / columns + rng.uniform(-loose_x, loose_x), (r + 0.5) / rows + rng.uniform(-loose_y, loose_y)) for c, r in cells]
        self.place(scene, subject, spots, size)
        colour = (subject[4], COLOURS[subject[4]][0]) if subject[4] else None
        caption = captions.group(rng, count, colour, subject[0], subject[1], subject[2])
        meaning = ("group", count, subject[4], subject[0])
        return self.finish(scene, spec, caption, meaning)

    def related(self, spec):
        """A scene of two subjects, one left of, above, inside or just beside the other."""
        rng, scene = self.rng, Scene(loss=0.0 if self.tidy else 0.7)
        self.set_ground(scene, spec)
        a, b = spec["subjects"]
        word = spec["relation"]
        size_a, size_b = rng.uniform(0.32, 0.48), rng.uniform(0.32, 0.48)
        where = word if word != "beside" else rng.choice(("left", "right", "above", "below"))
        if word == "inside":
            size_b = rng.uniform(0.8, 0.97)
            size_a = size_b * rng.uniform(0.35, 0.48)
            spots = [(0.5, 0.52), (0.5, 0.5)]
        else:
            near, far, drift = rng.uniform(0.22, 0.29), rng.uniform(0.71, 0.78), rng.uniform(-0.12, 0.12)
            first = {"left": (near, 0.5 + drift), "right": (far, 0.5 + drift), "above": (0.5 + drift, near), "below": (0.5 + drift, far)}[where]
            drift = rng.uniform(-0.12, 0.12)
            second = {"left": (far, 0.5 + drift), "right": (near, 0.5 + drift), "above": (0.5 + drift, far), "below": (0.5 + drift, near)}[where]
            spots = [first, second]
        self.place(scene, b, [spots[1]], size_b)
        self.place(scene, a, [spots[0]], size_a)
        said = []
        for subject in (a, b):
            colour = (subject[4], COLOURS[subject[4]][0]) if subject[4] else None
            en_colour, zh_colour = captions.colour_words(rng, colour)
            said.append((captions.article(en_colour + subject[0]), zh_colour + subject[1]))
        caption = captions.relation(rng, said[0], word, said[1])
        keys = [(subject[4], subject[0]) for subject in (a, b)]
        scene.facts.append(("pair", frozenset(keys)))
        meaning = ("pair", frozenset(keys)) if word == "beside" else relation_key(where, keys)
        scene.facts.append(relation_key(where, keys))
        return self.finish(scene, spec, caption, meaning)

    def finish(self, scene, spec, caption, meaning):
        scene.facts.append(meaning)
        if meaning[0] == "group" and meaning[1] == 1:
            scene.facts.append(("text", f"{meaning[2]} {meaning[3]}" if meaning[2] else meaning[3]))
        for subject in spec["subjects"]:
            scene.facts.append(("text", subject[0]))
        if spec["ground"]:
            caption = captions.on_background(self.rng, caption, (spec["ground"], COLOURS[spec["ground"]][0]))
            meaning = (meaning, spec["ground"])
        (scene.en, scene.zh), scene.meaning = caption, meaning
        return scene

    def pair(self):
        """Returns two scenes that differ in one property."""
        spec = self.spec()
        return [self.realise(spec), self.realise(self.changed(spec))]

    def realise(self, spec):
        return self.related(spec) if spec["relation"] else self.counted(spec)

    def spec(self):
        rng = self.rng
        spec = {"relation": None, "count": 1, "ground": None}
        if rng.random() < 0.5:
            spec["subjects"] = [self.subject()]
            spec["count"] = rng.choices((1, 2, 3, 4, 5, 6), (30, 25, 20, 12, 7, 6))[0]
            if rng.random() < (0.75 if spec["count"] == 1 else 0.4):
                spec["ground"] = self.other_colour(spec["subjects"][0][4])
        else:
            first, second = self.subject(), self.subject()
            while (second[0], second[4]) == (first[0], first[4]):
                second = self.subject()
            spec["relation"] = rng.choices(("left", "right", "above", "below", "beside", "inside"), (3, 3, 3, 3, 2, 1))[0]
            if spec["relation"] == "inside":  # only a plain shape can contain something
                name = rng.choice(("circle", "square", "triangle", "star", "heart", "diamond", "hexagon"))
                second = (name, SHAPES[name][1], SHAPES[name][0], self.stock.shape_tiles[name], self.other_colour(first[4]))
            spec["subjects"] = [first, second]
            if rng.random() < 0.15:
                spec["ground"] = self.other_colour(first[4], second[4])
        return spec

    def changed(self, spec):
        """Returns the same scene with one changed property."""
        rng, new = self.rng, dict(spec, subjects=list(spec["subjects"]))
        ways = ["subject"]
        if spec["ground"]:
            ways += ["ground", "ground"]
        if spec["subjects"][0][4]:
            ways += ["colour", "colour"]
        if spec["relation"] in ("left", "right", "above", "below"):
            ways += ["swap"] * 4 + ["relation"] * 2
        if not spec["relation"]:
            ways += ["count"] * 3
        way = rng.choice(ways)
        if way == "ground":
            new["ground"] = self.other_colour(spec["ground"], *(subject[4] for subject in spec["subjects"]))
        elif way == "colour":
            colour = self.other_colour(spec["ground"], *(subject[4] for subject in spec["subjects"]))
            new["subjects"][0] = (*spec["subjects"][0][:4], colour)
        elif way == "swap":
            new["subjects"].reverse()
        elif way == "relation":
            new["relation"] = rng.choice([word for word in ("left", "right", "above", "below") if word != spec["relation"]])
        elif way == "count":
            new["count"] = rng.choice([n for n in range(1, 7) if n != spec["count"] and abs(n - spec["count"]) <= 2])
        else:
            other = self.subject()
            while other[0] in [subject[0] for subject in spec["subjects"]] or other[4] is not None and other[4] == spec["ground"]:
                other = self.subject()
            new["subjects"][0] = other
        return new

    # -- whole pictures

    def whole(self, number):
        """The finished picture `number` of the stock (see kinds)."""
        rng, (en, zh) = self.rng, self.stock.page_names[number]
        scene = Scene(page=number, loss=0.0 if self.tidy else 1.0)
        at = 0 if rng.random() < 0.6 else rng.randrange(len(en))
        scene.en, scene.zh = captions.single(rng, en[at], zh[min(at, len(zh) - 1)])
        scene.meaning, scene.facts = ("text", en[at]), [("text", word) for word in en]
        return scene


def relation_key(word, keys):
    """Expresses "right of" and "below" as "left of" and "above" with exchanged subjects."""
    if word in ("right", "below"):
        return ("left" if word == "right" else "above", keys[1], keys[0])
    return (word, keys[0], keys[1])
