"""Colours and plain shapes, with their names in English and Chinese."""
import math

from PIL import Image, ImageDraw

# name: (Chinese, red, green, blue)
COLOURS = {
    "red": ("红色", 220, 30, 35),
    "orange": ("橙色", 250, 140, 20),
    "yellow": ("黄色", 250, 215, 40),
    "green": ("绿色", 45, 160, 60),
    "blue": ("蓝色", 35, 90, 220),
    "light blue": ("浅蓝色", 130, 195, 245),
    "purple": ("紫色", 130, 50, 180),
    "pink": ("粉色", 250, 140, 185),
    "brown": ("棕色", 130, 80, 40),
    "black": ("黑色", 20, 20, 22),
    "white": ("白色", 250, 250, 250),
    "grey": ("灰色", 140, 142, 145),
}
COLOUR_NAMES = list(COLOURS)


def regular(corners, turn=-90.0):
    return [(math.cos(math.radians(turn + 360 * i / corners)), math.sin(math.radians(turn + 360 * i / corners))) for i in range(corners)]


def star(points, inner):
    outline = []
    for i in range(2 * points):
        angle, radius = math.radians(-90 + 180 * i / points), 1 if i % 2 == 0 else inner
        outline.append((radius * math.cos(angle), radius * math.sin(angle)))
    return outline


def heart():
    outline = []
    for i in range(90):
        t = 2 * math.pi * i / 90
        x = 16 * math.sin(t) ** 3
        y = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        outline.append((x / 17, -(y + 2.5) / 17))
    return outline


def ellipse(width, height):
    return [(width * math.cos(2 * math.pi * i / 90), height * math.sin(2 * math.pi * i / 90)) for i in range(90)]


ARROW = [(-1, -0.3), (0.2, -0.3), (0.2, -0.75), (1, 0), (0.2, 0.75), (0.2, 0.3), (-1, 0.3)]
CROSS = [(-0.33, -1), (0.33, -1), (0.33, -0.33), (1, -0.33), (1, 0.33), (0.33, 0.33), (0.33, 1), (-0.33, 1),
         (-0.33, 0.33), (-1, 0.33), (-1, -0.33), (-0.33, -0.33)]
CRESCENT = [(math.cos(math.radians(a)), math.sin(math.radians(a))) for a in range(60, 301, 5)] + [
    (0.28 + 0.80 * math.cos(math.radians(a)), 0.80 * math.sin(math.radians(a))) for a in range(285, 74, -5)]

# name: (plural, Chinese, outline in -1..1 or a pair of outlines of which the second is a hole)
SHAPES = {
    "circle": ("circles", "圆形", ellipse(1, 1)),
    "square": ("squares", "正方形", [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)]),
    "triangle": ("triangles", "三角形", regular(3)),
    "star": ("stars", "星形", star(5, 0.42)),
    "heart": ("hearts", "心形", heart()),
    "diamond": ("diamonds", "菱形", [(0, -1), (0.72, 0), (0, 1), (-0.72, 0)]),
    "pentagon": ("pentagons", "五边形", regular(5)),
    "hexagon": ("hexagons", "六边形", regular(6, 0)),
    "rectangle": ("rectangles", "长方形", [(-1, -0.55), (1, -0.55), (1, 0.55), (-1, 0.55)]),
    "ellipse": ("ellipses", "椭圆形", ellipse(1, 0.58)),
    "ring": ("rings", "圆环", (ellipse(1, 1), ellipse(0.62, 0.62))),
    "cross": ("crosses", "十字形", CROSS),
    "crescent": ("crescents", "月牙形", CRESCENT),
    "arrow": ("arrows", "箭头", ARROW),
}
SHAPE_NAMES = list(SHAPES)


def draw(name, side):
    """Draws the shape as a tile like those of the line fonts: red = its contour, alpha = its whole area."""
    big, outlines = 4 * side, SHAPES[name][2]
    solid = Image.new("L", (big, big))
    pen = ImageDraw.Draw(solid)
    for value, outline in zip((255, 0), outlines if isinstance(outlines, tuple) else (outlines,)):
        pen.polygon([(big / 2 + x * big * 0.46, big / 2 + y * big * 0.46) for x, y in outline], fill=value)
    inner = Image.new("L", (big, big))
    pen = ImageDraw.Draw(inner)
    for value, outline, k in zip((255, 0), outlines if isinstance(outlines, tuple) else (outlines,), (0.80, 1.25)):
        pen.polygon([(big / 2 + x * big * 0.46 * k, big / 2 + y * big * 0.46 * k) for x, y in outline], fill=value)
    solid, inner = (mask.resize((side, side), Image.BOX) for mask in (solid, inner))
    ink = Image.eval(inner, lambda value: 255 - value)
    ink = Image.composite(ink, Image.new("L", ink.size), solid)
    return Image.merge("RGBA", (ink, ink, ink, solid))
