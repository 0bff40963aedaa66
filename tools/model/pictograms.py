"""Pictures of the things, from several sources, as square RGBA tiles.

Training sources: Noto Color Emoji and Twemoji. The Gemojione (EmojiOne) drawings are used only for evaluation: training
never sees that style. Symbola's line drawings are for samples.
"""
import functools
import glob
import os

import numpy as np
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageFont

# The folder of packages that are unpacked but not installed (dpkg-deb -x FILE.deb DIR).
UNPACKED = os.environ.get("CLIPSEEK_ART", "")
NOTO = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"  # fonts-noto-color-emoji
TWEMOJI = "/usr/lib/firefox-esr/fonts/TwemojiMozilla.ttf"  # firefox-esr
SYMBOLA = "/usr/share/fonts/truetype/ancient-scripts/Symbola_hint.ttf"  # fonts-symbola
GEMS = "/usr/share/rubygems-integration/all/gems"
GEMOJIONE = GEMS + "/gemojione-*/assets/png"  # ruby-gemojione

MARGIN = 0.02  # free border of a tile, as a share of its side


def locate(path):
    """The path of the installed file, else of the one below CLIPSEEK_ART."""
    for root in ("", UNPACKED):
        found = glob.glob(root + path)
        if found:
            return found[0]
    raise SystemExit(f"{path}: not found (install its Debian package, or unpack it and set CLIPSEEK_ART)")


def fit(picture, side):
    """The picture without its empty border, centred in a square tile of `side` pixels; None if it is empty."""
    box = picture.getbbox()
    if box is None:
        return None
    picture = picture.crop(box)
    inner = side * (1 - 2 * MARGIN)
    scale = inner / max(picture.size)
    size = [max(1, round(length * scale)) for length in picture.size]
    picture = picture.convert("RGBa").resize(size, Image.LANCZOS if scale < 1 else Image.BICUBIC).convert("RGBA")
    tile = Image.new("RGBA", (side, side))
    tile.paste(picture, ((side - size[0]) // 2, (side - size[1]) // 2))
    return tile


class ColourFont:
    """A font of coloured bitmaps (CBDT): Noto Color Emoji has one size, 109."""

    mono = False

    def __init__(self, path, size):
        self.font = ImageFont.truetype(locate(path), size)
        self.codes = TTFont(locate(path), lazy=True).getBestCmap()

    def draw(self, emoji, side):
        if any(ord(letter) not in self.codes for letter in emoji if letter != "\u200d"):
            return None
        canvas = Image.new("RGBA", (400, 180))
        ImageDraw.Draw(canvas).text((10, 10), emoji, font=self.font, embedded_color=True)
        box = canvas.getbbox()
        if box is None or box[2] - box[0] > 150:  # two glyphs: the sequence is not in the font
            return None
        return fit(canvas, side)


class LayeredFont:
    """A font of coloured layers (COLR version 0), drawn layer by layer through an added cmap.

    `size` is the size of the drawing in pixels per em; outlines are sharp at any size.
    """

    mono = False

    def __init__(self, path, size=256):
        source = TTFont(locate(path))
        self.layers, self.codes = source["COLR"].ColorLayers, source.getBestCmap()
        self.palette = source["CPAL"].palettes[0]
        self.ligatures = {}
        for lookup in source["GSUB"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                for first, rest in table.ligatures.items():
                    self.ligatures.update({(first, *one.Component): one.LigGlyph for one in rest})
        self.place = {name: 0xF0000 + i for i, name in enumerate(source.getGlyphOrder())}
        self.font = self.reachable_by_code(source, size)
        self.size = size

    def reachable_by_code(self, source, size):
        from io import BytesIO

        from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

        table = CmapSubtable.newSubtable(12)
        table.platformID, table.platEncID, table.language = 3, 10, 0
        table.cmap = {code: name for name, code in self.place.items()}
        source["cmap"].tables = [table]
        for unneeded in ("GSUB", "GDEF", "COLR", "CPAL", "FFTM"):
            del source[unneeded]
        memory = BytesIO()
        source.save(memory)
        memory.seek(0)
        return ImageFont.truetype(memory, size, layout_engine=ImageFont.LAYOUT_BASIC)

    def glyph(self, emoji):
        names = tuple(self.codes.get(ord(letter)) for letter in emoji if letter != "\ufe0f")
        if len(names) == 1:
            return names[0]
        without_joiner = tuple(self.codes.get(ord(letter)) for letter in emoji if letter not in "\ufe0f\u200d")
        return self.ligatures.get(names) or self.ligatures.get(without_joiner)

    def draw(self, emoji, side):
        layers = self.layers.get(self.glyph(emoji))
        if not layers:
            return None
        canvas = Image.new("RGBA", (self.size * 3 // 2, self.size * 3 // 2))
        for layer in layers:
            mask = Image.new("L", canvas.size)
            try:
                ImageDraw.Draw(mask).text((self.size // 8, self.size // 8), chr(self.place[layer.name]), font=self.font, fill=255)
            except OSError:  # a layer without an outline
                continue
            colour = self.palette[layer.colorID]
            mask = mask.point(lambda value, alpha=colour.alpha: value * alpha // 255)
            paint = Image.new("RGBA", canvas.size, (colour.red, colour.green, colour.blue, 255))
            paint.putalpha(mask)
            canvas = Image.alpha_composite(canvas, paint)
        return fit(canvas, side)


class LineFont:
    """A font of black outlines. The tile's red channel is the ink, its alpha the ink and the area that it encloses."""

    mono = True

    def __init__(self, path, size=200):
        self.font = ImageFont.truetype(locate(path), size)
        self.codes = TTFont(locate(path), lazy=True).getBestCmap()

    def draw(self, emoji, side):
        if len(emoji) > 1 or ord(emoji) not in self.codes:
            return None
        ink = Image.new("L", (420, 420))
        ImageDraw.Draw(ink).text((60, 60), emoji, font=self.font, fill=255)
        if ink.getbbox() is None:
            return None
        solid = Image.fromarray(np.maximum(np.asarray(enclosed(ink)), np.asarray(ink)))
        return fit(Image.merge("RGBA", (ink, ink, ink, solid)), side)


def enclosed(ink):
    """The area that the ink encloses. The fill runs at a third of the size, which is nine times faster and ends inside the lines."""
    small = ink.resize((ink.width // 3, ink.height // 3), Image.BOX).point(lambda value: 255 if value > 70 else 0)
    ImageDraw.floodfill(small, (0, 0), 128)
    return small.point(lambda value: 0 if value == 128 else 255).resize(ink.size, Image.BILINEAR).point(lambda value: 255 if value > 200 else 0)


class PictureFolder:
    """A folder of PNG files, one for each emoji, named by its code points."""

    mono = False

    def __init__(self, path, name):
        self.folder, self.name = locate(path), name

    def draw(self, emoji, side):
        path = os.path.join(self.folder, self.name(emoji))
        return fit(Image.open(path).convert("RGBA"), side) if os.path.exists(path) else None


def gemojione_name(emoji):
    return "-".join(f"{ord(letter):04X}" for letter in emoji if letter not in "\ufe0f\u200d") + ".png"


SOURCES = {
    "noto": lambda: ColourFont(NOTO, 109),
    "twemoji": lambda: LayeredFont(TWEMOJI),
    "symbola": lambda: LineFont(SYMBOLA),
    "gemojione": lambda: PictureFolder(GEMOJIONE, gemojione_name),
}
TRAINING = ("noto", "twemoji")
HELD_OUT = "gemojione"


@functools.lru_cache(maxsize=None)
def source(name):
    return SOURCES[name]()


def has_picture(emoji):
    return source("noto").draw(emoji, 16) is not None
