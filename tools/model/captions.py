"""The captions of scenes in English and in Chinese."""
NUMBERS = {1: ("one", "一"), 2: ("two", "两"), 3: ("three", "三"), 4: ("four", "四"), 5: ("five", "五"), 6: ("six", "六")}
IRREGULAR = {"mouse": "mice", "sheep": "sheep", "fish": "fish", "tropical fish": "tropical fish", "deer": "deer", "leaf": "leaves",
             "wolf": "wolves", "knife": "knives", "ox": "oxen", "goose": "geese",
             "scissors": "scissors", "glasses": "glasses", "jeans": "jeans",
             "french fries": "french fries", "grapes": "grapes", "cherries": "cherries"}
RELATIONS = {
    "left": (("left of", "to the left of", "on the left of"), "左边"),
    "right": (("right of", "to the right of", "on the right of"), "右边"),
    "above": (("above", "over", "on top of"), "上面"),
    "below": (("below", "under", "beneath"), "下面"),
    "inside": (("inside", "in"), "里面"),
    "beside": (("and", "with", "next to", "beside"), "旁边"),
}
SINGLE_EN = ("{a}", "{a}", "{n}", "a picture of {a}", "a drawing of {a}", "an icon of {a}", "a photo of {a}", "an emoji of {a}",
             "a symbol of {a}", "this is {a}")
SINGLE_ZH = ("{n}", "一个{n}", "{n}的图片", "{n}的画", "一张{n}的图片", "{n}图标", "{n}的照片", "这是{n}")
STYLES = {  # words before the name that describe the visible style of the picture
    "line": (("a line drawing of {a}", "an outline of {a}", "a sketch of {a}", "{a} line drawing"), ("{n}的线描", "{n}的轮廓", "{n}线条画")),
    "pixel": (("pixel art of {a}", "a pixelated {n}", "{n} pixel art"), ("{n}像素画", "像素风格的{n}")),
    "grey": (("a black and white picture of {a}", "a grey picture of {a}"), ("{n}的黑白图片", "黑白的{n}")),
    "flat": (("a silhouette of {a}", "{a} silhouette"), ("{n}的剪影", "{n}剪影")),
}


def article(name):
    return ("an " if name[:1] in "aeiou" else "a ") + name


def plural(name):
    last = name.split()[-1]
    head = name[: len(name) - len(last)]
    if last in IRREGULAR:
        return head + IRREGULAR[last]
    if last.endswith(("s", "x", "ch", "sh")):
        return head + last + "es"
    if last.endswith("y") and last[-2:-1] not in "aeiou":
        return head + last[:-1] + "ies"
    if last in ("tomato", "potato", "mango", "volcano"):
        return head + last + "es"
    return head + last + "s"


def single(rng, en, zh, style=None):
    """Captions of one thing; names that are a sentence or a proper name get no article."""
    if style is not None:
        forms_en, forms_zh = STYLES[style]
    else:
        forms_en, forms_zh = SINGLE_EN, SINGLE_ZH
    with_article = en if ":" in en or en.endswith("s") or rng.random() < 0.2 else article(en)
    a, b = rng.choice(forms_en), rng.choice(forms_zh)
    if style is None and rng.random() < 0.5:  # half of all captions are only the name
        a, b = "{n}", "{n}"
    return a.format(a=with_article, n=en), b.format(n=zh)


def colour_words(rng, colour):
    """(English prefix, Chinese prefix) of a colour given as (English, Chinese) or None."""
    if colour is None:
        return "", ""
    return colour[0] + " ", colour[1] + rng.choice(("", "的"))


def group(rng, count, colour, names, zh, plurals=None):
    """"two red hearts": `count` of a thing, coloured or not."""
    en_colour, zh_colour = colour_words(rng, colour)
    if count == 1:
        en = article(en_colour + names) if rng.random() < 0.8 else en_colour + names
        return en, rng.choice(("一个", "")) + zh_colour + zh
    number = NUMBERS[count]
    digits = rng.random() < 0.15
    en = f"{count if digits else number[0]} {en_colour}{plurals or plural(names)}"
    return en, f"{count if digits else number[1]}个{zh_colour}{zh}"


def relation(rng, first, word, second):
    """"a dog left of a car"; first and second are (English, Chinese)."""
    forms, zh = RELATIONS[word]
    form = rng.choice(forms)
    if word == "beside":
        return f"{first[0]} {form} {second[0]}", rng.choice(("{a}和{b}", "{b}旁边的{a}", "{a}在{b}旁边")).format(a=first[1], b=second[1])
    return f"{first[0]} {form} {second[0]}", rng.choice(("{a}在{b}{w}", "{b}{w}的{a}", "{b}的{w}有{a}")).format(a=first[1], b=second[1], w=zh)


def on_background(rng, caption, colour):
    """Adds the background's colour, given as (English, Chinese)."""
    en = rng.choice(("{c} on a {b} background", "{c} on {b}", "{c} with a {b} background")).format(c=caption[0], b=colour[0])
    en = en.replace(" a orange", " an orange")
    return en, rng.choice(("{b}背景上的{c}", "{c}{b}背景", "{b}背景{c}")).format(c=caption[1], b=colour[1])


