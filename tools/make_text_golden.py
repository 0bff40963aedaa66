#!/usr/bin/python3
"""Writes tests/golden/text/: a small vocabulary, and the token ids that an independent tokenizer computes with it.

It implements CLIP's tokenizer as openai/CLIP and Hugging Face describe it, directly with Python's html, unicodedata and
python3-regex. As in clipseek, two things are omitted on purpose: ftfy's repairs, and the regular expression's
IGNORECASE, which affects only U+017F and U+0345 and which Hugging Face's tokenizer does not have.
"""
import collections
import html
import html.entities
import json
import pathlib
import random
import unicodedata

import regex

START, END = "<|startoftext|>", "<|endoftext|>"
WORD = regex.compile(r"<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+")
MERGES = 240

CORPUS = """
a photo of a dog. a photo of a cat. a dog on a sofa, two dogs on the beach. the red car in front of the old house
it's a bird; they're birds, we've seen them. i'm here, he'll come, she'd go, don't run. the dog's ball isn't red
a drawing of a mountain at sunset, a painting of the sea and the sky. a small boat on the water in the morning light
people walking in the street at night, a crowd of people at a concert. a plate of food on a table, a cup of coffee
der Hund l\u00e4uft \u00fcber die Stra\u00dfe. eine sch\u00f6ne Blume f\u00fcr die Gro\u00dfmutter.
le gar\u00e7on a mang\u00e9 une cr\u00eape \u00e0 la f\u00eate
\u0441\u043e\u0431\u0430\u043a\u0430 \u043d\u0430 \u0434\u0438\u0432\u0430\u043d\u0435, \u043a\u043e\u0448\u043a\u0430
\u03b7 \u03b3\u03ac\u03c4\u03b1 \u03ba\u03b1\u03b9 \u03bf \u03c3\u03ba\u03cd\u03bb\u03bf\u03c2
\u72ac\u3068\u732b\u306e\u5199\u771f\u3002\u6d77\u306e\u5199\u771f\u3002\u6d77\u3068\u5c71
!!! ... --- ??? 2024 100 3.14 #1 (one) [two] & <three> <|four|>
"""

SENTENCES = [
    "", " ", "a", "a dog on a sofa", "  A Photo  of\ta\nDOG.  ",
    "It's THEY'RE we've I'm he'll she'd don't 'twas rock'n'roll", "'S 'T 'RE 'VE 'M 'LL 'D 's't''s",
    "3.14 and 100 dogs; \u00bd \u00b2 \u2167 \u0663\u0664", "snake_case kebab-case camelCase", "<|startoftext|>",
    "a <|endoftext|> b", "A<|ENDOFTEXT|>!<|endoftext|> <|startoftext|", "</w> a</w> <w/> dog</w>",
    "Der Hund l\u00e4uft \u00fcber die Stra\u00dfe", "GR\u00d6SSE \u1e9e STRASSE",
    "cre\u0302pe a\u0300 la fe\u0302te cr\u00eape",
    "\u039f\u0394\u039f\u03a3 \u039f\u0394\u039f\u03a3. \u03a3 \u03a3\u03a3 A\u03a3' A\u03a3'B",
    "\u03a3\u0301 \u039f\u03a3\u0301\u0327",
    "\u0130stanbul ISTANBUL \u0131",
    "\u01c5 \u01c8 \u1f88 \u1fbc \u2160 \u24b6 \u212a \u212b \u2126 \ua7ae \U00010400 \U0001e900",
    "\u72ac\u3068\u732b\u306e\u5199\u771f", "\u304b\u3099\u304e \u30cf\u309a \uff10\uff21\uff41",
    "\u1112\u1161\u11ab\u1100\u1173\u11af \ud55c\uae00 \uac00\u11a8",
    "\U0001f436\U0001f3fd\u200d\U0001f469 \u2764\ufe0f", "\u0928\u0940\u0932\u093e \u0958 \u0929\u093c",
    "\u0e2b\u0e21\u0e32", "\u05d9\u05b4\u05d5\u05bc\u05df \ufb1d \ufb2c",
    "a\u0323\u0307 a\u0307\u0323 q\u0307\u0323 \u1e69 s\u0307\u0323",
    "\u0344 \u0340\u0341\u0343 \u0f73\u0f75\u0f81\u0f71\u0f72",
    "\u0301\u0323 leading marks", "q\u0305\u0316 q\u0316\u0305",
    "z" + "\u0301\u0300\u0316\u0317\u0302" * 8, "a\u0f73\u0f73\u0301\u0323\u0f73\u0344\u0323",
    "\u0958\u0345\u1fb3\u0313\u03b1\u0345\u0313 \u017f 'x", "\u2add\u0338 \u2adc \u1d15e \U0001d15e\U0001d1bb",
    "\ufeffbom \u00adsoft \u200bzero\u200dwidth \ufffe",
    "a\u00a0b\u3000c\u2028d\u2029e\u0085f\u1680g\u180eh\u202f\u205f\u2000\u2001\u200a",
    "\x1c\x1d a\x1cb\x1f \x0b\x0c c\x1e\x1f ", "nul\x00 \x01\x7f\x80\x9f",
    "\u2002\u2003\u1fef\u037e\u0387\u0374\u212b\u2000", "a&amp;b &lt;tag&gt; &amp;amp;lt; &amp;lt;",
    "&eacute;&Eacute &eacutex &notit; &not &notin; &copy2024 &nosuch; &;&&#;&#x;&",
    "&#233;&#xE9;&#Xe9 &#65 &#65x &#x41;g",
    "&#0;&#1;&#9;&#13;&#127;&#128;&#x99;&#x9F;&#55296;&#xFDD0;&#xFFFE;&#x1FFFF;&#1114111;&#1114112;",
    "&#99999999999999999999;&#xffffffffffffffff; &#x0000000041;", "e&#x301; &#931;&#x3a3; O&Sigma;",
    "&Cup;Cup &Cupx &Cup &int &intx", "&am&#112;amp; &#38;#38;#65;",
    "&CounterClockwiseContourIntegral;&counterclockwisecontourintegral;",
    "&NotEqualTilde;&bne;&fjlig;&ThickSpace;&nbsp&NewLine;&Tab;",
    "&abcdefghijklmnopqrstuvwxyzabcdefghijk; &a\u00e9; &amp\u00e9 &amp= &lt\u30a2 &lt<&gt>&amp&amp",
    "\U0001f5e8\u2705!?...\u2014 (a)[b]{c}", "thedogthecatthehouse" * 20,
    "".join("aonst"[i * i * 7 % 31 % 5] for i in range(400)),
    "dogdogdogdog aaaaaaaaaaaaaaaa aaaaaaaaaaaaaaab thethethe !!!!!!!!!!!!! ............",
    "abababababab nananananan",
]

BYTES = [
    b"\xff", b"a\xc3", b"a\xc3\xa9\xc3", b"\xe2\x82", b"\xe2\x82a", b"\xf0\x9f\x98", b"\xf0\x9f\x98\x80\x80",
    b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xe0\x80\x80",
    b"\xf0\x80\x80\x80", b"dog\xfe\xffcat", b"\xc2\xc2\xa0\xe3\x80\x80", b"&#233\xff;&eacute\xc3;",
    b"\xf1\x80\x80\xe1\x80\xc2", b"\x80\x81\xbf",
]

FRAGMENTS = [
    *"abcdeghinorstxyzABSTZ'''  ..!?&;#-<>|/w019", "dog", "the", "photo", "'s", "'LL", "'re", "&amp;", "&lt", "&#x",
    "&#65;", START, END, "\u00e9", "\u0301", "\u0323", "\u0345", "\u03a3", "\u03c3", "\u0130", "\u00df", "\u1e9e",
    "\u0f73", "\u1100", "\u1161", "\u11a8", "\uac00", "\u6d77", "\U0001f436", "\u00a0", "\u2003", "\x1c", "\u00ad",
    "\u200d", "\u00bd", "\u0664", "\u2167", "\u01c5", "\ufb01", "\u212b", "\u0344",
]


def byte_spellings():
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [b for b in range(256) if b not in printable]
    return {b: chr(b) for b in printable} | {b: chr(0x100 + i) for i, b in enumerate(others)}


SPELLING = byte_spellings()


def clean(data):
    text = html.unescape(html.unescape(data.decode("utf-8", errors="replace")))
    return regex.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip().lower()


def symbols(word):
    spelled = [SPELLING[b] for b in word.encode("utf-8")]
    return (*spelled[:-1], spelled[-1] + "</w>")


def merge(word, pair):
    merged = []
    for symbol in word:
        # A merged symbol is longer than pair[0], so it cannot be merged with the same pair again.
        if merged and (merged[-1], symbol) == pair:
            merged[-1] += symbol
        else:
            merged.append(symbol)
    return tuple(merged)


def encode(text, ids, ranks):
    out = [ids[START]]
    for word in WORD.findall(text):
        if word in (START, END):
            out.append(ids[word])
            continue
        parts = symbols(word)
        while pairs := set(zip(parts, parts[1:])) & ranks.keys():
            parts = merge(parts, min(pairs, key=ranks.get))
        out.extend(ids[part] for part in parts)
    return out + [ids[END]]


def train():
    words = collections.Counter(symbols(word) for word in WORD.findall(clean(CORPUS.encode())))
    merges = []
    while len(merges) < MERGES:
        counts = collections.Counter()
        for word, count in words.items():
            for pair in zip(word, word[1:]):
                counts[pair] += count
        best = min(counts, key=lambda pair: (-counts[pair], pair))
        merges.append(best)
        renewed = collections.Counter()
        for word, count in words.items():
            renewed[merge(word, best)] += count
        words = renewed
    return merges


def random_merges(source):
    """Merges of three letters in an order that training never produces: a merge may create a pair of better rank."""
    inside, last, merges = list("abc"), ["a</w>", "b</w>", "c</w>"], []
    while len(merges) < 60:
        pair = (source.choice([token for token in inside if len(token) < 5]), source.choice(inside + last))
        token = "".join(pair)
        if pair not in merges and token not in inside + last:
            merges.append(pair)
            (last if token.endswith("</w>") else inside).append(token)
    return source.sample(merges, len(merges))


def random_text(source):
    return "".join(source.choice(FRAGMENTS) for _ in range(source.randrange(1, 40))).encode()


def random_bytes(source):
    data = bytearray(random_text(source))
    for _ in range(source.randrange(1, 6)):
        data[source.randrange(len(data))] = source.randrange(256)
    return bytes(data)


def row(data, ids, merges, others):
    text = clean(data)
    try:
        result = {"text": data.decode("utf-8")}
    except UnicodeDecodeError:
        result = {"hex": data.hex()}
    result["clean"] = text
    result["ids"] = encode(text, ids, {pair: rank for rank, pair in enumerate(merges)})
    result["random_ids"] = encode(text, ids, {pair: rank for rank, pair in enumerate(others)})
    return result


def html_names():
    """Every named reference, with a semicolon and where allowed without it, and the characters that they stand for."""
    table = html.entities.html5
    texts = [f"&{name}" for name in sorted(table)]
    return {"texts": "".join(texts), "unescaped": html.unescape("".join(texts))}


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def write_lines(path, lines):
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")


def main():
    folder = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/text"
    folder.mkdir(parents=True, exist_ok=True)
    source = random.Random(1)
    merges = train()
    others = random_merges(source)
    bases = list(SPELLING.values())
    tokens = bases + [base + "</w>" for base in bases] + ["".join(pair) for pair in merges + others] + [START, END]
    ids = {token: i for i, token in enumerate(dict.fromkeys(tokens))}

    inputs = [text.encode() for text in SENTENCES] + [line.encode() for line in CORPUS.strip().split("\n")] + BYTES
    inputs += [random_text(source) for _ in range(40)] + [random_bytes(source) for _ in range(15)]
    write_lines(folder / "vocab.json", [compact(ids)])
    write_lines(folder / "merges.txt", ["#version: 0.2"] + [" ".join(pair) for pair in merges])
    write_lines(folder / "merges_random.txt", ["#version: 0.2"] + [" ".join(pair) for pair in others])
    write_lines(folder / "tokens.jsonl", [compact(row(data, ids, merges, others)) for data in inputs])
    write_lines(folder / "html_names.json", [compact(html_names())])


if __name__ == "__main__":
    main()
