"""Files that must be refused without much memory, for make_picture_golden.py."""

import io
import struct

import numpy as np
from PIL import Image

import picture_writers as write

HUGE = 50_000


def limits(golden, heic, avif, picture):
    """Headers that state far more pixels than the limit."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG")
    jpeg = out.getvalue()
    frame = jpeg.index(b"\xff\xc0") + 5
    for name, side in ("huge", HUGE), ("largest", 65535):
        golden.refuse(
            f"{name}.jpg", jpeg[:frame] + struct.pack(">HH", side, side) + jpeg[frame + 4 :], "limit_exceeded"
        )
    golden.refuse("huge.png", write.png(picture, 8, 2, size=(HUGE, HUGE)), "limit_exceeded")
    golden.refuse("huge_interlaced.png", write.png(picture, 8, 2, True, size=(HUGE, HUGE)), "limit_exceeded")
    golden.refuse("long.png", write.png(picture, 8, 2, size=(2_000_000, 1)), "limit_exceeded")

    gif = b"GIF89a%s\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0%s\0\2\2D\1\0;"
    small, large = struct.pack("<HH", 1, 1), struct.pack("<HH", HUGE, HUGE)
    golden.refuse("huge_canvas.gif", gif % (large, small), "limit_exceeded")
    golden.refuse("huge_frame.gif", gif % (small, large), "limit_exceeded")

    golden.refuse("huge.bmp", write.bmp((HUGE, HUGE), 24, b""), "limit_exceeded")
    golden.refuse(
        "huge_rle.bmp",
        write.bmp((HUGE, HUGE), 8, b"\0\1", compression=1, palette=np.zeros((2, 3), int)),
        "limit_exceeded",
    )

    golden.refuse("huge.tif", write.tiff(picture, 8, 2, size=(HUGE, HUGE)), "limit_exceeded")
    golden.refuse("huge_strips.tif", write.tiff(picture, 8, 2, rows_per_strip=1, size=(4, 2_000_000_000)), "corrupt")
    tiled = write.tiff(picture, 8, 2, tile=16)
    sides = tiled.index(struct.pack("<HHIII", 322, write.LONG, 1, 16, 323 | write.LONG << 16))
    huge_tile = bytearray(tiled)
    huge_tile[sides + 8 : sides + 12] = huge_tile[sides + 20 : sides + 24] = struct.pack("<I", 48_000)
    golden.refuse("huge_tile.tif", bytes(huge_tile), "limit_exceeded")

    canvas = struct.pack("<I", HUGE - 1)[:3] * 2
    frame = struct.pack("<I", 13)[:3] + struct.pack("<I", 8)[:3]
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "WEBP", lossless=True)
    image = out.getvalue()[12:]
    chunk = lambda kind, data: kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)  # noqa: E731
    body = (
        b"WEBP"
        + chunk(b"VP8X", b"\2\0\0\0" + canvas)
        + chunk(b"ANIM", bytes(6))
        + chunk(b"ANMF", bytes(6) + frame + bytes(4) + image)
    )
    golden.refuse("huge.webp", b"RIFF" + struct.pack("<I", len(body)) + body, "limit_exceeded")

    kind, data, (_, parameters) = heic
    huge = [write.ispe(HUGE, HUGE), parameters]
    golden.refuse("huge.heic", write.heif({1: (kind, data, huge)}), "limit_exceeded")
    at = avif.index(b"ispe") + 8
    golden.refuse("huge.avif", avif[:at] + struct.pack(">II", HUGE, HUGE) + avif[at + 8 :], "limit_exceeded")


def heif_structures(golden, heic):
    small = [write.ispe(64, 64)]
    kind, data, _ = heic
    tile = {2: heic}
    grid = b"\0\1\0\0" + struct.pack(">II", HUGE, HUGE)
    golden.refuse(
        "huge_grid.heic", write.heif({1: (b"grid", grid, small), **tile}, [(b"dimg", 1, [2])]), "limit_exceeded"
    )
    grid = b"\0\0\7\4" + struct.pack(">HH", 16384, 15000)
    many = [(b"dimg", 1, [2] * 40)]
    wide = {2: (kind, data, [write.ispe(4096, 4096), *heic[2][1:]])}
    golden.refuse("many_tiles.heic", write.heif({1: (b"grid", grid, small), **wide}, many), "limit_exceeded")
    golden.refuse(
        "grid_of_itself.heic",
        write.heif({1: (b"grid", b"\0\0\0\0\0\x40\0\x40", small)}, [(b"dimg", 1, [1])]),
        "unsupported",
    )
    golden.refuse("identity_of_itself.heic", write.heif({1: (b"iden", b"", small)}, [(b"dimg", 1, [1])]), "unsupported")
    aux = heic[2] + [write.full_box(b"auxC", b"urn:mpeg:hevc:2015:auxid:1\0")]
    loop = [(b"auxl", 2, [1]), (b"auxl", 3, [2]), (b"auxl", 2, [3])]
    golden.refuse(
        "alpha_of_alpha.heic", write.heif({1: heic, 2: (kind, data, aux), 3: (kind, data, aux)}, loop), "unsupported"
    )
    golden.refuse(
        "other_size.heic", write.heif({1: (kind, data, [write.ispe(64, 64), enlarged(heic[2][1])])}), "corrupt"
    )
    golden.refuse("other_size_in_stream.heic", write.heif({1: (kind, sps_unit(4096, 4096) + data, heic[2])}), "corrupt")


def sps_unit(width, height):
    """A sequence parameter set up to the size, with its length before it."""
    bits = "0000" "000" "1" + "0" * 96 + golomb(0) + golomb(1) + golomb(width) + golomb(height) + "1"
    bits += "0" * (-len(bits) % 8)
    payload = int(bits, 2).to_bytes(len(bits) // 8, "big").replace(b"\0\0\0", b"\0\0\3\0")
    unit = b"\x42\1" + payload
    return struct.pack(">I", len(unit)) + unit


def golomb(value):
    code = f"{value + 1:b}"
    return "0" * (len(code) - 1) + code


def enlarged(hvcc):
    """An hvcC box whose only parameter set is an SPS of another size."""
    unit = sps_unit(4096, 4096)[4:]
    return write.box(b"hvcC", hvcc[8:30], b"\1", b"\x21\0\1", struct.pack(">H", len(unit)), unit)


def kinds(golden, picture):
    """Intact files of unsupported types, and damaged files."""
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG")
    jpeg = out.getvalue()
    frame = jpeg.index(b"\xff\xc0")
    golden.refuse("lossless.jpg", jpeg[:frame] + b"\xff\xc3" + jpeg[frame + 2 :], "unsupported")
    golden.refuse("12bit.jpg", jpeg[: frame + 4] + b"\x0c" + jpeg[frame + 5 :], "unsupported")
    # A truncated file with an end marker, as some programs repair downloads.
    golden.refuse("cut.jpg", jpeg[:-60] + b"\xff\xd9", "corrupt")
    floats = write.tiff(np.zeros((3, 4, 2), int), 16, 1, tags=[(339, write.SHORT, [3, 3])])
    golden.refuse("float.tif", floats, "unsupported")
    golden.refuse("missing_strip.tif", write.tiff(picture, 8, 2, size=(12000, 12000)), "corrupt")
    golden.refuse("missing_rows.png", write.png(picture, 8, 2, size=(15000, 15000)), "corrupt")
    golden.refuse("no_pixels.png", write.png(picture, 8, 2, size=(0, 0)), "corrupt")
    golden.refuse("no_pixels.bmp", write.bmp((0, 5), 24, b""), "corrupt")
    golden.refuse("missing_rows.bmp", write.bmp((15000, 15000), 24, b"abc"), "corrupt")
    lowest = write.bmp((1, 1), 24, bytes(4))
    golden.refuse("lowest_height.bmp", lowest[:22] + b"\0\0\0\x80" + lowest[26:], "limit_exceeded")
    golden.refuse("jpeg_inside.bmp", write.bmp((1, 1), 24, bytes(4), compression=4), "unsupported")
    golden.refuse("two_bits.bmp", write.bmp((1, 1), 2, bytes(4)), "unsupported")
    golden.refuse("mask_with_gap.bmp", write.bmp((1, 1), 16, bytes(4), compression=3, masks=[5, 0, 0]), "unsupported")


def add_all(golden, heic, avif, picture):
    limits(golden, heic, avif, picture)
    heif_structures(golden, heic)
    kinds(golden, picture)
