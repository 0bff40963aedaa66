#!/usr/bin/python3
"""Writes the files of tests/golden/text/ for the tokenizers of Chinese-CLIP and SigLIP.

The ids of word pieces come from a direct implementation of BERT's tokenizer with Python's unicodedata. Small
SentencePiece models are trained and run with python3-sentencepiece. A Gemma tokenizer.json is derived from the second
of them; its ids come from a direct implementation of the algorithm.
"""
import io
import json
import os
import pathlib
import random
import re
import string
import tempfile
import unicodedata

import sentencepiece

from make_text_golden import BYTES, CORPUS, SENTENCES, compact, random_bytes, random_text, write_lines

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests/golden/text"
SPACE = "\u2581"
WORD_PIECES = """[PAD] [unused1] [UNK] [CLS] [SEP] [MASK] ! " # $ % & ' ( ) , - . / : ; ? @ [ ] ^ _ ` ~ 0 1 2 3 a b c d e
f g h i j k l m n o p q r s t u v w x y z \u3002 \uff0c \u201c \u201d \u4e00 \u4e2a \u5728 \u6c99 \u53d1 \u4e0a \u7684
\u72d7 \u732b \u7ea2 \u8272 \u6d77 \u3068 \u306e dog cat photo the on un ##a ##b ##c ##d ##e ##f ##g ##h ##i ##j ##k
##l ##m ##n ##o ##p ##q ##r ##s ##t ##u ##v ##w ##x ##y ##z ##0 ##1 ##2 ##ing ##able ##aff ##og ##\u72d7 \u03c3 ##\u03c2
##\u03c3 \u03bf ##\u03bf \u1112 ##\u1161 ##\u11ab \u0928 ##\u0932 str ##asse ##\u00df""".split()
TEXTS = [
    "\u4e00\u4e2a\u5728\u6c99\u53d1\u4e0a\u7684\u72d7", "\u7ea2\u8272\u7684\u732b\uff0c dog\u72d7cat \u6d77\u3002",
    "unaffable Unaffable UNAFFABLEs", "dogs, doging; catalog!", "[CLS] a [SEP] [UNK][MASK] [pad]", "</s> <unk> <eos> a<bos>",
    "a" * 200, "a" * 201, "a" * 199 + "\u0301\u0301", "snake_case _dog_ - the.dog", "\U00020000\ufa0e\uf900\u9fff\ua000",
    "\u00e4\u00f6\u00fc \u00c5ngstr\u00f6m stra\u00dfe", "\u03bf\u03a3 \u03a3\u03bf", "a\u2028dog\u2029cat\u0085dog",
    "a\u2581dog \u2581 the\u2581\u2581cat", ". a dog", "  a  dog  ", "\n\na\n\n\ndog\n", "a photo of a dog   on a sofa",
    "\uff21\uff22\uff43 \ufb01ne \u00bd \u2460", "<unused0> <unused1><unused0> [@TABLE@] x<unused0>y", "\t\ta\t",
    "\U0001f436 \u72ac \U0001f436\U0001f436 \u5c71\u5c71", "\u200b\u200ba\u200bdog\u200b", "a.b.c. ... !?", "it's a dog's",
]


def inputs():
    source = random.Random(7)
    data = [text.encode() for text in TEXTS + SENTENCES + CORPUS.strip().split("\n")] + BYTES
    return data + [random_text(source) for _ in range(60)] + [random_bytes(source) for _ in range(20)]


def row(data, **answers):
    try:
        return {"text": data.decode("utf-8"), **answers}
    except UnicodeDecodeError:
        return {"hex": data.hex(), **answers}


# --- word pieces -----------------------------------------------------------------------------------------------------

CHINESE = [(0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F), (0x2B740, 0x2B81F),
           (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)]


def bert_words(text):
    kept = []
    for char in text:
        category = unicodedata.category(char)
        if char in "\t\n\r" or category == "Zs":
            kept.append(" ")
        elif char not in "\0\ufffd" and category not in ("Cc", "Cf"):
            chinese = any(first <= ord(char) <= last for first, last in CHINESE)
            kept.append(f" {char} " if chinese else char)
    words = []
    for word in "".join(kept).split():
        plain = [c for c in unicodedata.normalize("NFD", word.lower()) if unicodedata.category(c) != "Mn"]
        words += "".join(f" {c} " if c in string.punctuation or unicodedata.category(c)[0] == "P" else c
                         for c in plain).split()
    return words


def word_pieces(text, ids):
    answer = [ids["[CLS]"]]
    for word in bert_words(text):
        pieces, begin = [], 0
        while begin < len(word) <= 200:
            ends = [end for end in range(len(word), begin, -1) if ("##" if begin else "") + word[begin:end] in ids]
            if not ends:
                pieces = []
                break
            pieces.append(ids[("##" if begin else "") + word[begin:ends[0]]])
            begin = ends[0]
        answer += pieces or [ids["[UNK]"]]
    return answer + [ids["[SEP]"]]


def make_word_pieces():
    write_lines(FOLDER / "vocab.txt", WORD_PIECES)
    ids = {token: i for i, token in enumerate(WORD_PIECES)}
    assert len(ids) == len(WORD_PIECES)
    write_lines(FOLDER / "word_pieces.jsonl",
                [compact(row(data, ids=word_pieces(data.decode(errors="replace"), ids))) for data in inputs()])


# --- SentencePiece ---------------------------------------------------------------------------------------------------

def lower_each(text):
    return "".join(char.lower() for char in text)


def clean_siglip(data):
    text = lower_each(data.decode(errors="replace")).replace(SPACE, " ")
    return re.sub(r"\s+", " ", text.translate(str.maketrans("", "", string.punctuation))).strip()


def clean_siglip2(data):
    return lower_each(data.decode(errors="replace")).replace(SPACE, " ")


def train(**options):
    """The bytes of a model. Training runs in another folder, because the model contains the path of the rules."""
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS.strip().lower().split("\n") * 3), model_writer=model, num_threads=1,
        minloglevel=2, hard_vocab_limit=False, **options)
    return model.getvalue()


def train_unigram():
    rules = [("\uff21", "a"), ("\uff41", "a"), ("\uff42", "b"), ("\ufb01", "fi"), ("\u00bd", "1 2"), ("\u200b", ""),
             ("\u00a0", " "), ("\u3000", " "), ("e\u0301", "\u00e9"), ("a\u0300", "\u00e0"), ("\u2460", " 1 ")]
    home = os.getcwd()
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        with open("rules.tsv", "w", encoding="utf-8") as file:
            for source, target in rules:
                file.write("\t".join(" ".join(f"{ord(c):X}" for c in side) for side in (source, target)) + "\n")
        model = train(model_type="unigram", vocab_size=150, normalization_rule_tsv="rules.tsv", pad_id=0, eos_id=1,
                      unk_id=2, bos_id=-1, character_coverage=0.98, user_defined_symbols=["dog's", "photo of"])
        os.chdir(home)
    return model


def train_gemma():
    # Runs of spaces and line ends are whole tokens in Gemma's vocabulary.
    return train(model_type="bpe", vocab_size=520, normalization_rule_name="identity", add_dummy_prefix=False,
                 remove_extra_whitespaces=False, byte_fallback=True, split_by_whitespace=True, pad_id=0, eos_id=1,
                 bos_id=2, unk_id=3, pad_piece="<pad>", eos_piece="<eos>", bos_piece="<bos>", character_coverage=0.98,
                 user_defined_symbols=["<unused0>", "<unused1>", "[@TABLE@]", "\n", "\n\n", SPACE * 2, SPACE * 3])


def answer(processor, text):
    return processor.encode(text, out_type=int) + [processor.eos_id()]


def make_gemma_json(processor):
    """tokenizer.json of the BPE model: the merges are all pairs of pieces that form a piece, ordered by its score."""
    pieces = [processor.id_to_piece(i) for i in range(processor.get_piece_size())]
    ids = {piece: i for i, piece in enumerate(pieces)}
    normal = {p for i, p in enumerate(pieces) if not (processor.is_control(i) or processor.is_unknown(i)
                                                      or processor.is_byte(i))}
    user = ["<unused0>", "<unused1>", "[@TABLE@]", "\n", "\n\n", SPACE * 2, SPACE * 3]
    pairs = [(piece[:i], piece[i:]) for piece in normal - set(user) for i in range(1, len(piece))
             if piece[:i] in normal and piece[i:] in normal]
    pairs.sort(key=lambda pair: (-processor.get_score(ids["".join(pair)]), len(pair[0])))
    added = [{"id": i, "content": pieces[i], "single_word": False, "lstrip": False, "rstrip": False,
              "normalized": SPACE in pieces[i], "special": i < 4} for i in [*range(4), *(ids[u] for u in user)]]
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": added,
            "normalizer": {"type": "Replace", "pattern": {"String": " "}, "content": SPACE},
            "pre_tokenizer": {"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious",
                              "invert": False},
            "post_processor": None, "decoder": None,
            "model": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                      "end_of_word_suffix": None, "fuse_unk": True, "byte_fallback": True, "ignore_merges": False,
                      "vocab": ids, "merges": [" ".join(pair) for pair in pairs]}}


def split_added(text, tokens):
    """Splits a text at `tokens`: the parts of the text as strings, the tokens as (token,)."""
    if not tokens:
        return [text]
    pattern = "|".join(re.escape(token) for token in sorted(tokens, key=len, reverse=True))
    return [(part,) if i % 2 else part for i, part in enumerate(re.split(f"({pattern})", text))]


def gemma_ids(text, file):
    vocabulary, ranks = file["model"]["vocab"], {tuple(m.split(" ")): i for i, m in enumerate(file["model"]["merges"])}
    added = [token for token in file["added_tokens"] if not token["special"]]
    parts = []
    for part in split_added(text, [t["content"] for t in added if not t["normalized"]]):
        parts += [part] if isinstance(part, tuple) else split_added(
            part.replace(" ", SPACE), [t["content"] for t in added if t["normalized"]])
    ids = []
    for part in parts:
        symbols = part
        if not isinstance(part, tuple):
            symbols = []
            for char in part:
                symbols += [char] if char in vocabulary else [f"<0x{byte:02X}>" for byte in char.encode()]
            while pairs := [(ranks[pair], i) for i, pair in enumerate(zip(symbols, symbols[1:])) if pair in ranks]:
                _, i = min(pairs)
                symbols[i:i + 2] = [symbols[i] + symbols[i + 1]]
        ids += [vocabulary[symbol] for symbol in symbols]
    return ids + [vocabulary["<eos>"]]


def make_pieces():
    unigram, gemma = train_unigram(), train_gemma()
    (FOLDER / "unigram.model").write_bytes(unigram)
    (FOLDER / "gemma.model").write_bytes(gemma)
    processors = [sentencepiece.SentencePieceProcessor(model_proto=model) for model in (unigram, gemma)]
    file = make_gemma_json(processors[1])
    write_lines(FOLDER / "gemma.json", [json.dumps(file, ensure_ascii=False, separators=(",", ":"))])
    rows = []
    for data in inputs():
        rows.append(compact(row(data, unigram=answer(processors[0], clean_siglip(data)),
                                gemma=answer(processors[1], clean_siglip2(data)),
                                gemma_json=gemma_ids(clean_siglip2(data), file))))
    write_lines(FOLDER / "pieces.jsonl", rows)
    rows = [json.loads(line) for line in rows]
    print(len(rows), "texts; both Gemma files agree on", sum(r["gemma"] == r["gemma_json"] for r in rows))


if __name__ == "__main__":
    make_word_pieces()
    make_pieces()
