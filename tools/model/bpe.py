"""CLIP's byte-level BPE: training the merges and encoding with them.

The files are those of the published CLIP checkpoints: `vocab.json` ({token: id}: 256 bytes, the same with </w>, the merges in order, the
two specials) and `merges.txt` (a version line, then one pair a line).
"""
import collections
import json
import os
import unicodedata

START, END = "<|startoftext|>", "<|endoftext|>"
CONTRACTIONS = ("'s", "'t", "'re", "'ve", "'m", "'ll", "'d")


def byte_letters():
    """The printable character for each byte, as in GPT-2, in the order of the vocabulary."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = {byte: chr(byte) for byte in plain}
    for byte in range(256):
        if byte not in letters:
            letters[byte] = chr(256 + len(letters) - len(plain))
    return letters


LETTERS = byte_letters()


def letter_class(letter):
    if letter.isspace():
        return " "
    category = unicodedata.category(letter)[0]
    return category if category in "LN" else "other"


def words(text):
    """Splits a text into the words that BPE encodes separately: contractions, runs of letters, single digits, runs of other characters."""
    text, at, found = text.lower(), 0, []
    while at < len(text):
        contraction = next((end for end in CONTRACTIONS if text.startswith(end, at)), None)
        if contraction:
            found.append(contraction)
            at += len(contraction)
            continue
        kind, end = letter_class(text[at]), at + 1
        while kind != "N" and end < len(text) and letter_class(text[end]) == kind:
            end += 1
        if kind != " ":
            found.append(text[at:end])
        at = end
    return found


def symbols(word):
    letters = [LETTERS[byte] for byte in word.encode("utf-8")]
    letters[-1] += "</w>"
    return letters


def join(pieces, pair):
    merged, i = [], 0
    while i < len(pieces):
        if i + 1 < len(pieces) and (pieces[i], pieces[i + 1]) == pair:
            merged.append(pieces[i] + pieces[i + 1])
            i += 2
        else:
            merged.append(pieces[i])
            i += 1
    return merged


def train(texts, count):
    """Returns `count` merges, the most frequent pair first; ties are ordered by the pair, so that the result is the same everywhere."""
    frequency = collections.Counter(word for text in texts for word in words(text))
    split = {word: symbols(word) for word in frequency}
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for word, pieces in split.items():
        for pair in zip(pieces, pieces[1:]):
            pairs[pair] += frequency[word]
            where[pair].add(word)
    merges = []
    while len(merges) < count and pairs:
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        if pairs[best] < 2:
            break
        merges.append(best)
        for word in sorted(where.pop(best)):
            before, after = split[word], join(split[word], best)
            for pair in zip(before, before[1:]):
                pairs[pair] -= frequency[word]
            for pair in zip(after, after[1:]):
                pairs[pair] += frequency[word]
                where[pair].add(word)
            split[word] = after
        del pairs[best]
    return merges


class Tokenizer:
    def __init__(self, merges):
        self.merges = merges
        tokens = [*LETTERS.values(), *(letter + "</w>" for letter in LETTERS.values()), *(a + b for a, b in merges), START, END]
        self.vocabulary = {token: number for number, token in enumerate(dict.fromkeys(tokens))}
        self.rank = {pair: i for i, pair in enumerate(merges)}
        self.start, self.end = self.vocabulary[START], self.vocabulary[END]
        self.known = {}

    def word_ids(self, word):
        if word not in self.known:
            pieces = symbols(word)
            while len(pieces) > 1:
                best = min(zip(pieces, pieces[1:]), key=lambda pair: self.rank.get(pair, len(self.rank)))
                if best not in self.rank:
                    break
                pieces = join(pieces, best)
            self.known[word] = [self.vocabulary[piece] for piece in pieces]
        return self.known[word]

    def encode(self, text, length):
        """Returns the start token, the text's tokens and the end token; a long text is cut and the end token kept."""
        ids = [self.start] + [number for word in words(text) for number in self.word_ids(word)]
        return ids[: length - 1] + [self.end]

    def save(self, folder):
        with open(os.path.join(folder, "vocab.json"), "w", encoding="utf-8") as file:
            json.dump(self.vocabulary, file, ensure_ascii=False, separators=(",", ":"))
            file.write("\n")
        with open(os.path.join(folder, "merges.txt"), "w", encoding="utf-8") as file:
            file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in self.merges))

    @classmethod
    def load(cls, folder):
        with open(os.path.join(folder, "merges.txt"), encoding="utf-8") as file:
            return cls([tuple(line.split()) for line in file.read().splitlines()[1:]])
