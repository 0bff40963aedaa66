"""The things that the model knows by name: the emoji repertoire with its English and Chinese names.

Names and keywords come from the CLDR annotations (Debian: unicode-cldr-core). A *thing* is one emoji; its number is its
index in the list that `load` returns, whose order is stable for one version of CLDR.
"""
import html
import re
from dataclasses import dataclass, field

ANNOTATIONS = "/usr/share/unicode/cldr/common"
SKIN_TONES = range(0x1F3FB, 0x1F400)
GENDERED = ("\u2640", "\u2642", "\U0001F468", "\U0001F469")


@dataclass
class Thing:
    text: str  # the emoji itself, without variation selectors
    en: str
    zh: str
    en_words: list = field(default_factory=list)  # keywords without the name
    zh_words: list = field(default_factory=list)


def read_annotations(language):
    """Returns {emoji: (name, [keywords])} for one language."""
    found = {}
    for folder in ("annotations", "annotationsDerived"):
        with open(f"{ANNOTATIONS}/{folder}/{language}.xml", encoding="utf-8") as file:
            rows = re.findall(r'<annotation cp="([^"]+)"( type="tts")?>([^<]*)<', file.read())
        for code, is_name, value in rows:
            entry = found.setdefault(html.unescape(code), ["", []])
            if is_name:
                entry[0] = clean(html.unescape(value))
            else:
                entry[1] = [clean(word) for word in html.unescape(value).split("|")]
    return found


def clean(name):
    """Converts to lower case and removes quotation marks and punctuation, which are unusual in searches."""
    name = name.strip().lower().replace("\u2019", "'")
    return re.sub(r"[\u201c\u201d\"“”]", "", name)


def wanted(emoji):
    """Single emoji, flags, keycaps and sequences without gender or skin tone."""
    codes = [ord(letter) for letter in emoji]
    if any(code in SKIN_TONES for code in codes):
        return False
    if len(emoji) == 1:  # without the five skin tones, which are parts of other emoji
        return codes[0] > 0x2000 or emoji in "\u00a9\u00ae"
    return not any(mark in emoji for mark in GENDERED)


def load(has_picture):
    """Returns all things that have both names and, according to `has_picture(emoji)`, a picture in the main source."""
    english, chinese = read_annotations("en"), read_annotations("zh")
    things = []
    for emoji in sorted(english):
        if not wanted(emoji) or emoji not in chinese or not has_picture(emoji):
            continue
        (en, en_words), (zh, zh_words) = english[emoji], chinese[emoji]
        if en and zh:
            things.append(Thing(emoji, en, zh, [w for w in en_words if w != en], [w for w in zh_words if w != zh]))
    return things
