"""Whole pictures of several types: charts, diagrams, pages, maps, faces, landscapes. A random generator determines each."""
import math

from PIL import Image, ImageDraw, ImageFont

from shapes import COLOURS, COLOUR_NAMES

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
VIVID = [COLOURS[name][1:] for name in COLOUR_NAMES if name not in ("white", "black", "grey")]


def tint(rng, base, spread=25):
    return tuple(max(0, min(255, value + rng.randint(-spread, spread))) for value in base)


def paper(rng, side, dark_share=0.12):
    dark = rng.random() < dark_share
    base = tint(rng, (30, 32, 40) if dark else (248, 247, 243), 7)
    picture = Image.new("RGB", (side, side), base)
    return picture, ImageDraw.Draw(picture), (225, 225, 225) if dark else tint(rng, (50, 50, 55), 25)


def axes(rng, pen, side, ink):
    left, bottom = side * rng.uniform(0.08, 0.16), side * rng.uniform(0.84, 0.92)
    top, right = side * rng.uniform(0.08, 0.16), side * rng.uniform(0.86, 0.95)
    width = max(1, side // 90)
    if rng.random() < 0.5:
        for i in range(1, 5):
            y = bottom + (top - bottom) * i / 5
            pen.line([(left, y), (right, y)], fill=(190, 190, 195), width=1 + side // 300)
    pen.line([(left, top), (left, bottom), (right, bottom)], fill=ink, width=width)
    return left, top, right, bottom


def bar_chart(rng, side):
    picture, pen, ink = paper(rng, side)
    left, top, right, bottom = axes(rng, pen, side, ink)
    count = rng.randint(3, 8)
    step = (right - left) / count
    one = rng.choice(VIVID) if rng.random() < 0.6 else None
    for i in range(count):
        height = (bottom - top) * rng.uniform(0.12, 1)
        colour = tint(rng, one or rng.choice(VIVID))
        pen.rectangle([left + step * (i + 0.18), bottom - height, left + step * (i + 0.84), bottom - 1], fill=colour)
    return picture


def pie_chart(rng, side):
    picture, pen, _ = paper(rng, side)
    shares = [rng.uniform(0.4, 2) for _ in range(rng.randint(3, 6))]
    angle, radius = rng.uniform(0, 360), side * rng.uniform(0.33, 0.45)
    cx, cy = side * rng.uniform(0.46, 0.54), side * rng.uniform(0.46, 0.54)
    colours = rng.sample(VIVID, len(shares))
    for share, colour in zip(shares, colours):
        end = angle + 360 * share / sum(shares)
        pen.pieslice([cx - radius, cy - radius, cx + radius, cy + radius], angle, end, fill=tint(rng, colour), outline="white", width=max(1, side // 90))
        angle = end
    if rng.random() < 0.25:
        hole = radius * 0.5
        pen.ellipse([cx - hole, cy - hole, cx + hole, cy + hole], fill=picture.getpixel((1, 1)))
    return picture


def line_chart(rng, side):
    picture, pen, ink = paper(rng, side)
    left, top, right, bottom = axes(rng, pen, side, ink)
    for _ in range(rng.randint(1, 3)):
        value, points = rng.uniform(0.2, 0.8), []
        steps = rng.randint(6, 14)
        for i in range(steps + 1):
            points.append((left + (right - left) * i / steps, bottom - (bottom - top) * value))
            value = min(0.97, max(0.04, value + rng.uniform(-0.2, 0.2)))
        pen.line(points, fill=tint(rng, rng.choice(VIVID)), width=max(1, side // 48), joint="curve")
    return picture


def scatter_plot(rng, side):
    picture, pen, ink = paper(rng, side)
    left, top, right, bottom = axes(rng, pen, side, ink)
    slope, radius = rng.uniform(-0.8, 0.8), side * rng.uniform(0.012, 0.022)
    colour = tint(rng, rng.choice(VIVID))
    for _ in range(rng.randint(25, 60)):
        u = rng.random()
        v = min(0.97, max(0.03, 0.5 + slope * (u - 0.5) + rng.gauss(0, 0.14)))
        x, y = left + (right - left) * u, bottom - (bottom - top) * v
        pen.ellipse([x - radius, y - radius, x + radius, y + radius], fill=colour)
    return picture


def diagram(rng, side):
    """Boxes joined by arrows."""
    picture, pen, ink = paper(rng, side)
    rows, columns = rng.choice(((2, 2), (3, 1), (3, 2), (2, 3), (3, 3)))
    width = max(1, side // 75)
    half_w, half_h = side / columns * 0.30, side / rows * 0.22
    centre = {(r, c): (side * (c + 0.5) / columns, side * (r + 0.5) / rows) for r in range(rows) for c in range(columns)}
    for (r, c), (x, y) in centre.items():
        for r2, c2 in ((r + 1, c), (r, c + 1)):
            if (r2, c2) in centre and rng.random() < 0.8:
                arrow(pen, (x, y), centre[r2, c2], half_w, half_h, ink, width, side)
    fill = tint(rng, rng.choice(VIVID)) if rng.random() < 0.7 else (255, 255, 255)
    for x, y in centre.values():
        box = [x - half_w, y - half_h, x + half_w, y + half_h]
        pen.rounded_rectangle(box, radius=side * rng.choice((0.0, 0.03, 0.05)), fill=fill, outline=ink, width=width)
        pen.line([(x - half_w * 0.6, y), (x + half_w * 0.6, y)], fill=ink, width=max(1, side // 60))
    return picture


def arrow(pen, start, end, half_w, half_h, ink, width, side):
    across = abs(end[0] - start[0]) > 1
    tip = (end[0] - half_w, end[1]) if across else (end[0], end[1] - half_h)
    pen.line([start, tip], fill=ink, width=width)
    head = side * 0.035
    if across:
        pen.polygon([tip, (tip[0] - head, tip[1] - head * 0.7), (tip[0] - head, tip[1] + head * 0.7)], fill=ink)
    else:
        pen.polygon([tip, (tip[0] - head * 0.7, tip[1] - head), (tip[0] + head * 0.7, tip[1] - head)], fill=ink)


def table(rng, side):
    picture, pen, ink = paper(rng, side)
    rows, columns = rng.randint(4, 8), rng.randint(3, 5)
    left, top, right, bottom = side * 0.07, side * 0.1, side * 0.93, side * 0.9
    pen.rectangle([left, top, right, top + (bottom - top) / rows], fill=tint(rng, rng.choice(VIVID)))
    for r in range(rows + 1):
        y = top + (bottom - top) * r / rows
        pen.line([(left, y), (right, y)], fill=ink, width=max(1, side // 120))
    for c in range(columns + 1):
        x = left + (right - left) * c / columns
        pen.line([(x, top), (x, bottom)], fill=ink, width=max(1, side // 120))
    for r in range(rows):
        for c in range(columns):
            x, y = left + (right - left) * (c + 0.15) / columns, top + (bottom - top) * (r + 0.5) / rows
            pen.line([(x, y), (x + (right - left) / columns * rng.uniform(0.2, 0.7), y)], fill=ink, width=max(1, side // 45))
    return picture


def page_of_text(rng, side):
    picture, pen, ink = paper(rng, side, 0.05)
    margin, y = side * rng.uniform(0.08, 0.16), side * rng.uniform(0.08, 0.14)
    if rng.random() < 0.6:
        pen.line([(margin, y), (side * rng.uniform(0.4, 0.75), y)], fill=ink, width=max(2, side // 24))
        y += side * 0.1
    pitch, thick = side * rng.uniform(0.05, 0.075), max(1, round(side * rng.uniform(0.014, 0.024)))
    while y < side * 0.92:
        last = rng.random() < 0.18
        x, end = margin, side - margin if not last else side * rng.uniform(0.35, 0.7)
        while x < end:
            word = side * rng.uniform(0.03, 0.12)
            pen.line([(x, y), (min(x + word, end), y)], fill=ink, width=thick)
            x += word + side * 0.022
        y += pitch * (1.6 if last else 1)
    return picture


def grid_map(rng, side):
    """A robot's occupancy map: free rooms and black walls in grey unknown space."""
    picture = Image.new("RGB", (side, side), tint(rng, (150, 152, 155), 14))
    pen = ImageDraw.Draw(picture)
    rooms = []
    for _ in range(rng.randint(3, 5)):
        w, h = side * rng.uniform(0.25, 0.45), side * rng.uniform(0.22, 0.42)
        x, y = rng.uniform(0.04 * side, side * 0.96 - w), rng.uniform(0.04 * side, side * 0.96 - h)
        rooms.append((x, y, x + w, y + h))
    wall = max(1, side // 42)
    for room in rooms:
        pen.rectangle([room[0] - wall, room[1] - wall, room[2] + wall, room[3] + wall], fill=(15, 15, 15))
    for room in rooms:
        pen.rectangle(room, fill=(252, 252, 252))
    for a, b in zip(rooms, rooms[1:]):
        p, q = [((r[0] + r[2]) / 2, (r[1] + r[3]) / 2) for r in (a, b)]
        pen.line([p, (q[0], p[1]), q], fill=(252, 252, 252), width=max(2, side // 14), joint="curve")
    for _ in range(rng.randint(2, 9)):
        x, y, r = rng.uniform(0.1, 0.9) * side, rng.uniform(0.1, 0.9) * side, side * 0.012
        pen.rectangle([x - r, y - r, x + r, y + r], fill=(15, 15, 15))
    return picture


def street_map(rng, side):
    picture = Image.new("RGB", (side, side), tint(rng, (232, 228, 216), 8))
    pen = ImageDraw.Draw(picture)
    for _ in range(rng.randint(1, 3)):
        x, y, r = rng.uniform(0, side), rng.uniform(0, side), side * rng.uniform(0.1, 0.22)
        pen.rectangle([x - r, y - r * 0.8, x + r, y + r * 0.8], fill=tint(rng, (175, 215, 150), 12))
    if rng.random() < 0.7:
        x = rng.uniform(0.1, 0.9) * side
        river = [(x + side * 0.12 * math.sin(i / 2.2 + x), side * i / 12) for i in range(-1, 14)]
        pen.line(river, fill=tint(rng, (150, 195, 235), 12), width=max(3, side // 11), joint="curve")
    turn = rng.uniform(-0.35, 0.35)
    for across in (0, 1):
        offset = -side * 0.5
        while offset < side * 1.5:
            offset += side * rng.uniform(0.11, 0.24)
            main = rng.random() < 0.25
            a, b = (-side, offset - turn * side), (2 * side, offset + 2 * turn * side)
            line = [a, b] if across else [(side - a[1], a[0]), (side - b[1], b[0])]
            colour = tint(rng, (248, 205, 95), 8) if main else (255, 255, 255)
            pen.line(line, fill=colour, width=max(2, side // (17 if main else 30)))
    return picture


def face(rng, side):
    """A drawn human face: skin, hair, eyes, nose and mouth."""
    back = rng.choice(VIVID)
    picture = Image.new("RGB", (side, side), tuple((v + 255) // 2 for v in back))
    pen = ImageDraw.Draw(picture)
    skin = tint(rng, rng.choice(((250, 220, 190), (230, 185, 145), (190, 135, 95), (135, 90, 60), (95, 62, 45))), 8)
    hair = tint(rng, rng.choice(((30, 25, 22), (90, 55, 30), (160, 105, 50), (225, 190, 110), (150, 150, 150), (150, 60, 35))), 10)
    cx, cy = side * rng.uniform(0.46, 0.54), side * rng.uniform(0.46, 0.54)
    w, h = side * rng.uniform(0.23, 0.3), side * rng.uniform(0.31, 0.38)
    if rng.random() < 0.5:  # long hair behind the head
        pen.rounded_rectangle([cx - w * 1.25, cy - h * 1.15, cx + w * 1.25, cy + h * 1.2], radius=w, fill=hair)
    pen.rectangle([cx - w * 0.4, cy + h * 0.7, cx + w * 0.4, side], fill=skin)
    pen.ellipse([cx - w * 1.8, cy + h * 1.25, cx + w * 1.8, side * 1.7], fill=tint(rng, rng.choice(VIVID)))
    pen.ellipse([cx - w * 1.1, cy - h * 1.15, cx + w * 1.1, cy + h * 0.5], fill=hair)
    pen.ellipse([cx - w, cy - h * 0.9, cx + w, cy + h], fill=skin)
    eye_y, eye_r, gap = cy - h * 0.1, side * rng.uniform(0.022, 0.034), w * 0.42
    for x in (cx - gap, cx + gap):
        pen.ellipse([x - eye_r * 1.5, eye_y - eye_r, x + eye_r * 1.5, eye_y + eye_r], fill="white")
        pen.ellipse([x - eye_r * 0.8, eye_y - eye_r * 0.8, x + eye_r * 0.8, eye_y + eye_r * 0.8], fill=(35, 30, 30))
        pen.line([(x - eye_r * 1.8, eye_y - eye_r * 2.2), (x + eye_r * 1.8, eye_y - eye_r * 2.4)], fill=hair, width=max(1, side // 60))
    shade = tuple(int(v * 0.8) for v in skin)
    pen.line([(cx, eye_y), (cx - w * 0.1, cy + h * 0.25), (cx + w * 0.08, cy + h * 0.25)], fill=shade, width=max(1, side // 70))
    mouth = w * rng.uniform(0.3, 0.5)
    pen.chord([cx - mouth, cy + h * 0.3, cx + mouth, cy + h * 0.65], 10, 170, fill=(190, 60, 60))
    return picture


def landscape(rng, side):
    """Mountains under a sky with the sun."""
    picture, pen = sky(rng, side, rng.choice((((120, 185, 240), (225, 240, 250)), ((250, 160, 90), (255, 225, 170)))))
    r, x, y = side * rng.uniform(0.06, 0.1), side * rng.uniform(0.15, 0.85), side * rng.uniform(0.12, 0.3)
    pen.ellipse([x - r, y - r, x + r, y + r], fill=(255, 225, 90))
    for depth in range(3):
        tone = tint(rng, ((130, 150, 175), (90, 125, 110), (70, 140, 70))[depth], 15)
        base = side * (0.5 + 0.16 * depth)
        ridge = [(side * i / 7, base + side * rng.uniform(-0.17, 0.06) * (1.4 - 0.45 * depth)) for i in range(8)]
        pen.polygon([(0, side), *ridge, (side, side)], fill=tone)
    return picture


def sky(rng, side, ends):
    picture = Image.new("RGB", (side, side))
    pen = ImageDraw.Draw(picture)
    for y in range(side):
        pen.line([(0, y), (side, y)], fill=tuple(int(a + (b - a) * y / side) for a, b in zip(*ends)))
    return picture, pen


def sea(rng, side):
    """Water to the horizon with a sail boat."""
    picture, pen = sky(rng, side, ((110, 180, 240), (230, 243, 252)))
    horizon = side * rng.uniform(0.42, 0.58)
    blue = tint(rng, (30, 100, 170), 20)
    pen.rectangle([0, horizon, side, side], fill=blue)
    for _ in range(26):
        x, y = rng.uniform(-0.1, 1) * side, horizon + (side - horizon) * rng.random()
        pen.line([(x, y), (x + side * rng.uniform(0.05, 0.16), y)], fill=tuple(min(255, v + 45) for v in blue), width=max(1, side // 80))
    if rng.random() < 0.6:
        x, s = side * rng.uniform(0.25, 0.75), side * rng.uniform(0.1, 0.18)
        pen.polygon([(x, horizon - 1.6 * s), (x, horizon - 0.1 * s), (x + s, horizon - 0.1 * s)], fill="white")
        pen.polygon([(x - s, horizon), (x + s, horizon), (x + 0.6 * s, horizon + 0.35 * s), (x - 0.6 * s, horizon + 0.35 * s)], fill=tint(rng, (150, 60, 40)))
    return picture


def skyline(rng, side):
    """Houses of a city, their windows lit at night."""
    night = rng.random() < 0.5
    picture, pen = sky(rng, side, ((15, 20, 50), (60, 60, 110)) if night else ((150, 200, 245), (235, 240, 245)))
    x = -side * 0.05
    while x < side:
        w, h = side * rng.uniform(0.1, 0.22), side * rng.uniform(0.25, 0.8)
        wall = tint(rng, (35, 38, 55) if night else (120, 125, 140), 15)
        pen.rectangle([x, side - h, x + w, side], fill=wall)
        cell = side * 0.045
        for i in range(int(w / cell) - 1):
            for j in range(int(h / cell) - 1):
                if rng.random() < 0.6:
                    wx, wy = x + cell * (i + 0.7), side - h + cell * (j + 0.7)
                    pen.rectangle([wx, wy, wx + cell * 0.5, wy + cell * 0.55], fill=(250, 220, 120) if night else (200, 225, 240))
        x += w + side * rng.uniform(-0.02, 0.03)
    return picture


def night_sky(rng, side):
    picture, pen = sky(rng, side, ((5, 8, 30), tint(rng, (35, 35, 85), 15)))
    for _ in range(rng.randint(40, 90)):
        x, y, r = rng.random() * side, rng.random() * side, side * rng.choice((0.004, 0.006, 0.01))
        pen.ellipse([x - r, y - r, x + r, y + r], fill=tint(rng, (240, 240, 225), 15))
    if rng.random() < 0.5:
        x, y, r = side * rng.uniform(0.2, 0.8), side * rng.uniform(0.15, 0.5), side * rng.uniform(0.06, 0.11)
        pen.ellipse([x - r, y - r, x + r, y + r], fill=(250, 245, 215))
    return picture


def chessboard(rng, side):
    light, dark = rng.choice((((250, 250, 250), (20, 20, 20)), ((240, 217, 181), (181, 136, 99)), ((235, 236, 208), (119, 149, 86))))
    picture = Image.new("RGB", (side, side), light)
    pen = ImageDraw.Draw(picture)
    for r in range(8):
        for c in range(8):
            if (r + c) % 2:
                pen.rectangle([side * c / 8, side * r / 8, side * (c + 1) / 8 - 1, side * (r + 1) / 8 - 1], fill=dark)
    return picture


def maze(rng, side):
    """A perfect maze by depth-first search."""
    n = rng.randint(7, 10)
    picture, _, ink = paper(rng, side)
    pen = ImageDraw.Draw(picture)
    cell, wall = side / (2 * n + 1), picture.getpixel((0, 0))
    pen.rectangle([0, 0, side, side], fill=ink)
    stack, seen = [(0, 0)], {(0, 0)}

    def open_cell(x, y):
        pen.rectangle([cell * x, cell * y, cell * (x + 1), cell * (y + 1)], fill=wall)

    open_cell(1, 1)
    while stack:
        x, y = stack[-1]
        steps = [(dx, dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)) if 0 <= x + dx < n and 0 <= y + dy < n and (x + dx, y + dy) not in seen]
        if not steps:
            stack.pop()
            continue
        dx, dy = rng.choice(steps)
        open_cell(2 * x + 1 + dx, 2 * y + 1 + dy)
        open_cell(2 * (x + dx) + 1, 2 * (y + dy) + 1)
        seen.add((x + dx, y + dy))
        stack.append((x + dx, y + dy))
    return picture


def qr_code(rng, side):
    """Random modules with the three finder squares; it encodes nothing."""
    n = 21
    picture = Image.new("RGB", (side, side), "white")
    pen = ImageDraw.Draw(picture)
    margin, cell = side * 0.07, side * 0.86 / n

    def square(x, y, size, colour):
        pen.rectangle([margin + cell * x, margin + cell * y, margin + cell * (x + size) - 1, margin + cell * (y + size) - 1], fill=colour)

    for x in range(n):
        for y in range(n):
            if rng.random() < 0.48:
                square(x, y, 1, (10, 10, 10))
    for x, y in ((0, 0), (n - 7, 0), (0, n - 7)):
        for inset, colour in ((-1, "white"), (0, (10, 10, 10)), (1, "white"), (2, (10, 10, 10))):
            square(x + inset, y + inset, 7 - 2 * inset, colour)
    return picture


def formula(rng, side):
    """A line or two of mathematics."""
    picture, pen, ink = paper(rng, side, 0.2)
    symbols = "xyzabn"
    for y in (0.25, 0.6) if rng.random() < 0.6 else (0.4,):
        text = rng.choice(("{a} = {b}² + {c}", "∫ {a} d{b}", "Σ {a} = {b}", "{a}({b}) = √{c}", "π{a}² = {b}", "{a} ≤ {b} + {c}"))
        text = text.format(a=rng.choice(symbols), b=rng.choice(symbols), c=rng.choice(symbols))
        font = ImageFont.truetype(FONT, int(side * rng.uniform(0.13, 0.17)))
        pen.text((side * rng.uniform(0.05, 0.12), side * y), text, font=font, fill=ink)
    return picture


# function: (English, Chinese) names; the first is the one that captions use most
KINDS = {
    bar_chart: (("bar chart", "bar graph", "chart"), ("柱状图", "条形图", "图表")),
    pie_chart: (("pie chart", "chart"), ("饼图", "饼状图", "图表")),
    line_chart: (("line chart", "line graph", "chart"), ("折线图", "曲线图", "图表")),
    scatter_plot: (("scatter plot", "chart"), ("散点图", "图表")),
    diagram: (("diagram", "flow chart", "boxes and arrows"), ("示意图", "流程图", "框图")),
    table: (("table of numbers", "table", "spreadsheet"), ("表格", "数据表")),
    page_of_text: (("page of text", "document", "text"), ("一页文字", "文档", "文字")),
    grid_map: (("map grid", "occupancy map", "floor plan", "map"), ("栅格地图", "占用地图", "平面图", "地图")),
    street_map: (("street map", "city map", "map"), ("街道地图", "城市地图", "地图")),
    face: (("face", "portrait", "human face"), ("人脸", "肖像", "面孔")),
    landscape: (("landscape", "mountains", "mountain landscape"), ("风景", "山", "山水")),
    sea: (("sea", "ocean", "seascape"), ("大海", "海洋", "海景")),
    skyline: (("city skyline", "skyline", "buildings"), ("城市天际线", "高楼", "建筑")),
    night_sky: (("night sky", "starry sky", "stars at night"), ("夜空", "星空", "夜晚的星星")),
    chessboard: (("chessboard", "checkerboard"), ("棋盘", "国际象棋棋盘")),
    maze: (("maze", "labyrinth"), ("迷宫",)),
    qr_code: (("qr code", "barcode"), ("二维码",)),
    formula: (("formula", "equation", "mathematics"), ("公式", "方程", "数学")),
}
KIND_LIST = list(KINDS)
