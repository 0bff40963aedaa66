"""Writers of picture files that Pillow and the formats' own tools cannot write, for make_picture_golden.py."""

import struct
import zlib

import numpy as np


def pack_bits(values, bits):
    """Packs a row of small numbers, the first in the highest bits, padded to whole bytes."""
    out = bytearray((len(values) * bits + 7) // 8)
    for i, value in enumerate(values):
        out[i * bits // 8] |= int(value) << (8 - bits - i * bits % 8)
    return bytes(out)


# --- PNG ------------------------------------------------------------------------------------------------------------

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png_chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_rows(samples, bits):
    out = b""
    for row in samples:
        flat = row.reshape(-1)
        out += b"\0" + (pack_bits(flat, bits) if bits < 8 else flat.astype(">u2" if bits == 16 else np.uint8).tobytes())
    return out


def png(samples, bits, colour_type, interlaced=False, before=(), after=(), size=None):
    """samples: height x width (x channels). before, after: chunks around IDAT."""
    height, width = samples.shape[:2]
    if interlaced:
        passes = [samples[y::dy, x::dx] for x, y, dx, dy in ADAM7]
        raw = b"".join(png_rows(part, bits) for part in passes if part.size)
    else:
        raw = png_rows(samples, bits)
    header = struct.pack(">IIBBBBB", *(size or (width, height)), bits, colour_type, 0, 0, int(interlaced))
    chunks = [(b"IHDR", header), *before, (b"IDAT", zlib.compress(raw, 9)), *after, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


# --- BMP ------------------------------------------------------------------------------------------------------------


def bmp_rows(samples, bits, top_down=False):
    out = b""
    for row in samples if top_down else samples[::-1]:
        if bits < 8:
            line = pack_bits(row, bits)
        elif bits == 24:
            line = row[:, ::-1].astype(np.uint8).tobytes()
        else:
            line = row.astype({8: "<u1", 16: "<u2", 32: "<u4"}[bits]).tobytes()
        out += line + b"\0" * (-len(line) % 4)
    return out


def bmp(size, bits, pixels, header=40, compression=0, masks=(), palette=None, top_down=False):
    width, height = size
    entries = b""
    if palette is not None:
        entries = b"".join(bytes(c[::-1]) + (b"" if header == 12 else b"\0") for c in palette.tolist())
    if header == 12:
        dib = struct.pack("<IHHHH", 12, width, height, 1, bits)
    else:
        dib = struct.pack(
            "<IiiHHIIiiII",
            header,
            width,
            -height if top_down else height,
            1,
            bits,
            compression,
            len(pixels),
            2835,
            2835,
            0 if palette is None else len(palette),
            0,
        )
        packed = struct.pack(f"<{len(masks)}I", *masks)
        dib += packed.ljust(header - 40, b"\0") if header > 40 else packed
    offset = 14 + len(dib) + len(entries)
    return struct.pack("<2sIHHI", b"BM", offset + len(pixels), 0, 0, offset) + dib + entries + pixels


def bmp_rle8(samples):
    """Encodes runs, literals of at least 3 pixels, and one delta over the colour 0 that begins the second stored row."""
    out = b""
    for n, row in enumerate(samples[::-1].tolist()):
        x = 0
        if n == 1:
            while x < len(row) and row[x] == 0:
                x += 1
            out += bytes([0, 2, x, 0]) if x else b""
        while x < len(row):
            run = 1
            while x + run < len(row) and row[x + run] == row[x] and run < 255:
                run += 1
            literal = row[x : x + 5]
            if run == 1 and len(literal) == 5:
                out += bytes([0, 5, *literal, 0])
                x += 5
            else:
                out += bytes([run, row[x]])
                x += run
        out += b"\0\0"
    return out + b"\0\1"


def bmp_rle4(samples):
    """Encodes runs of alternating pairs, and one literal in each row."""
    out = b""
    for row in samples[::-1].tolist():
        first = row[:5]
        nibbles = pack_bits(first, 4)
        out += bytes([0, 5]) + nibbles + b"\0" * (len(nibbles) % 2)
        x = 5
        while x < len(row):
            a, b = row[x], row[x + 1] if x + 1 < len(row) else 0
            run = 2
            while x + run < len(row) and row[x + run] == (a, b)[run % 2]:
                run += 1
            run = min(run, len(row) - x)
            out += bytes([run, a << 4 | b])
            x += run
        out += b"\0\0"
    return out + b"\0\1"


# --- TIFF -----------------------------------------------------------------------------------------------------------

SHORT, LONG = 3, 4


def tiff(samples, bits, photometric, order="<", separate=False, tile=None, rows_per_strip=None, tags=(), size=None):
    """Writes an uncompressed file. samples: height x width x channels. tags: additional (tag, type, values)."""
    height, width, channels = samples.shape

    def encode(block):
        if bits < 8:
            return b"".join(pack_bits(row.reshape(-1), bits) for row in block)
        return block.astype(order + "u2" if bits == 16 else np.uint8).tobytes()

    blocks = []
    for plane in [samples[:, :, i : i + 1] for i in range(channels)] if separate else [samples]:
        if tile:
            padded = np.zeros((-(-height // tile) * tile, -(-width // tile) * tile, plane.shape[2]), plane.dtype)
            padded[:height, :width] = plane
            blocks += [
                encode(padded[y : y + tile, x : x + tile])
                for y in range(0, padded.shape[0], tile)
                for x in range(0, padded.shape[1], tile)
            ]
        else:
            step = rows_per_strip or height
            blocks += [encode(plane[y : y + step]) for y in range(0, height, step)]
    offsets = list(8 + np.cumsum([0] + [len(b) for b in blocks])[:-1])
    counts = [len(b) for b in blocks]
    shown = size or (width, height)
    entries = [
        (256, LONG, [shown[0]]),
        (257, LONG, [shown[1]]),
        (258, SHORT, [bits] * channels),
        (259, SHORT, [1]),
        (262, SHORT, [photometric]),
        (277, SHORT, [channels]),
        (284, SHORT, [2 if separate else 1]),
        *tags,
    ]
    if tile:
        entries += [(322, LONG, [tile]), (323, LONG, [tile]), (324, LONG, offsets), (325, LONG, counts)]
    else:
        entries += [(273, LONG, offsets), (278, LONG, [rows_per_strip or shown[1]]), (279, LONG, counts)]
    return tiff_file(b"".join(blocks), entries, order)


def tiff_file(data, entries, order="<"):
    data += b"\0" * (len(data) % 2)
    directory = 8 + len(data)
    extra_at = directory + 2 + 12 * len(entries) + 4
    table, extra = b"", b""
    for tag, kind, values in sorted(entries):
        packed = struct.pack(f"{order}{len(values)}{'H' if kind == SHORT else 'I'}", *values)
        if len(packed) > 4:
            place = struct.pack(order + "I", extra_at + len(extra))
            extra += packed + b"\0" * (len(packed) % 2)
        else:
            place = packed.ljust(4, b"\0")
        table += struct.pack(order + "HHI", tag, kind, len(values)) + place
    magic = b"II*\0" if order == "<" else b"MM\0*"
    count = struct.pack(order + "H", len(entries))
    return magic + struct.pack(order + "I", directory) + data + count + table + b"\0\0\0\0" + extra


def exif(orientation, order="<"):
    return tiff_file(b"", [(0x010F, SHORT, [1]), (0x0112, SHORT, [orientation])], order)


# --- HEIF -----------------------------------------------------------------------------------------------------------


def box(kind, *parts):
    data = b"".join(parts)
    return struct.pack(">I4s", 8 + len(data), kind) + data


def full_box(kind, *parts, version=0, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def boxes(data):
    """(type, content) of each box in data."""
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at + 8 : at + size]
        at += size


def heif_parts(data):
    """The first item's coded bytes and its properties, from a file of heif-enc."""
    top = dict(boxes(data))
    meta = dict(boxes(top[b"meta"][4:]))
    properties = dict(boxes(dict(boxes(meta[b"iprp"]))[b"ipco"]))
    return top[b"mdat"], properties


def ispe(width, height):
    return full_box(b"ispe", struct.pack(">II", width, height))


def heif(items, references=(), primary=1):
    """items: {id: (type, data, [property boxes])}; references: (type, from, [to])."""
    properties, associations, infos = [], b"", b""
    for number, (kind, _, wanted) in items.items():
        indices = []
        for prop in wanted:
            if prop not in properties:
                properties.append(prop)
            indices.append(properties.index(prop) + 1)
        associations += struct.pack(">HB", number, len(indices)) + bytes(indices)
        infos += full_box(b"infe", struct.pack(">HH4s", number, 0, kind), b"\0", version=2)
    refs = b"".join(box(kind, struct.pack(f">HH{len(to)}H", source, len(to), *to)) for kind, source, to in references)

    def meta(start):
        places, at = b"", start
        for number, (_, data, _) in items.items():
            places += struct.pack(">HHHII", number, 0, 1, at, len(data))
            at += len(data)
        return full_box(
            b"meta",
            full_box(b"hdlr", struct.pack(">I4s", 0, b"pict"), bytes(13)),
            full_box(b"pitm", struct.pack(">H", primary)),
            full_box(b"iinf", struct.pack(">H", len(items)), infos),
            full_box(b"iref", refs) if refs else b"",
            box(b"iprp", box(b"ipco", *properties), full_box(b"ipma", struct.pack(">I", len(items)), associations)),
            full_box(b"iloc", struct.pack(">HH", 0x4400, len(items)), places),
        )

    head = box(b"ftyp", b"heic", bytes(4), b"mif1", b"heic")
    start = len(head) + len(meta(0)) + 8
    return head + meta(start) + box(b"mdat", *(data for _, data, _ in items.values()))
