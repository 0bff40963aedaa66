"""Pictures of every format and type, for make_picture_golden.py."""

import io

import numpy as np
from PIL import Image, ImageOps

import picture_writers as write
from picture_samples import pillow, sample, saved, smooth, tool


def jpeg_cases(golden):
    picture = sample(29, 21)
    for name, sampling in ("444", 0), ("422", 1), ("420", 2):
        golden.add(f"jpeg_{name}.jpg", saved(picture, "JPEG", quality=85, subsampling=sampling))
    golden.add("jpeg_progressive.jpg", saved(picture, "JPEG", quality=85, progressive=True))
    golden.add("jpeg_gray.jpg", saved(picture, "JPEG", "L", quality=85))
    golden.add("jpeg_one_pixel.jpg", saved(picture[:1, :1], "JPEG"))
    base = saved(picture, "JPEG", quality=85)
    golden.add("jpeg_arithmetic.jpg", tool("jpegtran -arithmetic -outfile out.jpg a.jpg", a_jpg=base))
    golden.add("jpeg_restart.jpg", tool("jpegtran -restart 1 -outfile out.jpg a.jpg", a_jpg=base))
    cmyk = saved(picture, "JPEG", "CMYK", quality=85)
    golden.add("jpeg_cmyk.jpg", cmyk)
    # The last byte of Adobe's marker states the colour transform: 2 is YCCK, 0 none.
    end = cmyk.index(b"Adobe") + 11
    golden.add("jpeg_ycck.jpg", cmyk[:end] + b"\2" + cmyk[end + 1 :])
    adobe = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"
    golden.add("jpeg_rgb.jpg", base[:2] + adobe + base[base.index(b"\xff\xdb") :])
    for orientation in range(1, 9):
        order = "<>"[orientation % 2]
        golden.add(
            f"jpeg_exif{orientation}.jpg",
            saved(picture[:9, :14], "JPEG", exif=b"Exif\0\0" + write.exif(orientation, order)),
        )


def scaled_cases(golden):
    """The shorter side has 50 pixels, and 25, 13 and 7 at the scales 1/2, 1/4 and 1/8."""
    picture = saved(sample(66, 50), "JPEG", quality=75, exif=b"Exif\0\0" + write.exif(6))
    golden.add("jpeg_large.jpg", picture)
    for least, part in (26, 1), (25, 2), (14, 2), (13, 4), (8, 4), (7, 8), (1, 8), (900, 1):
        with Image.open(io.BytesIO(picture)) as image:
            image.draft("RGB", (66 // part, 50 // part))
            golden.add_row("scaled", f"jpeg_large.jpg {least}", np.asarray(ImageOps.exif_transpose(image)))


def png_cases(golden):
    rng = np.random.default_rng(2)
    colours = rng.integers(0, 256, (256, 3), np.uint8)
    for bits in 1, 2, 4, 8:
        values = rng.integers(0, 1 << bits, (13, 21))
        palette = (b"PLTE", colours[: 1 << bits].tobytes())
        golden.add(f"png_gray{bits}.png", write.png(values, bits, 0))
        golden.add(f"png_gray{bits}_interlaced.png", write.png(values, bits, 0, interlaced=True))
        golden.add(f"png_palette{bits}.png", write.png(values, bits, 3, before=[palette]))
    golden.add("png_palette_alpha.png", write.png(values, 8, 3, before=[palette, (b"tRNS", bytes(range(0, 250, 25)))]))
    golden.add(
        "png_palette_interlaced.png",
        write.png(values & 15, 4, 3, interlaced=True, before=[palette[:1] + (palette[1][:48],)]),
    )
    golden.add("png_gray_key.png", write.png(values, 8, 0, before=[(b"tRNS", b"\0\x40")]))
    deep = rng.integers(0, 65536, (13, 21, 4))
    # Pillow clips 16-bit gray at 255.
    golden.add("png_gray16.png", write.png(deep[:, :, 0], 16, 0), np.repeat(deep[:, :, :1] >> 8, 3, 2))
    golden.add("png_gray16_alpha.png", write.png(deep[:, :, :2], 16, 4))
    golden.add("png_rgb16.png", write.png(deep[:, :, :3], 16, 2))
    golden.add("png_rgba16_interlaced.png", write.png(deep, 16, 6, interlaced=True))
    golden.add("png_gray_alpha.png", write.png(deep[:, :, :2] >> 8, 8, 4))
    golden.add("png_rgba.png", write.png(deep >> 8, 8, 6))
    golden.add("png_rgb.png", write.png(deep[:, :, :3] >> 8, 8, 2))
    golden.add("png_rgb_interlaced.png", write.png(deep[:, :, :3] >> 8, 8, 2, interlaced=True))
    golden.add("png_rgb_key.png", write.png(deep[:, :, :3] >> 8, 8, 2, before=[(b"tRNS", b"\0\1\0\2\0\3")]))
    golden.add("png_one_pixel_interlaced.png", write.png(deep[:1, :1, :3] >> 8, 8, 2, interlaced=True))
    picture = sample(14, 9)
    golden.add("png_exif6.png", write.png(picture, 8, 2, before=[(b"eXIf", write.exif(6))]))
    golden.add("png_exif5_last.png", write.png(picture, 8, 2, after=[(b"eXIf", write.exif(5, ">"))]))
    # Damaged chunks that do not affect the pixels must be ignored.
    golden.add(
        "png_odd_chunks.png",
        write.png(picture, 8, 2, before=[(b"gAMA", b"\0"), (b"iCCP", b"x\0\0junk"), (b"cHRM", bytes(5))]),
        picture,
    )
    # 2 MB of text in 2 kB.
    golden.add(
        "png_text_bomb.png",
        write.png(picture, 8, 2, before=[(b"zTXt", b"a\0\0" + write.zlib.compress(bytes(2 << 20), 9))]),
        picture,
    )


def gif_cases(golden):
    flat = Image.fromarray(sample(23, 17)).quantize(16)
    plain = saved(flat, "GIF", interlace=0)
    golden.add("gif_plain.gif", plain)
    golden.add("gif_interlaced.gif", saved(flat, "GIF", interlace=1))
    golden.add("gif_transparent.gif", saved(flat, "GIF", interlace=0, transparency=3))
    golden.add("gif_gray.gif", saved(sample(23, 17), "GIF", "L"))
    golden.add("gif_animated.gif", saved(flat, "GIF", save_all=True, append_images=[flat.rotate(180)], comment=b"two"))
    # Changes the position of the first frame and the size of the canvas: "," left top width height.
    frame = plain.index(b",\0\0\0\0")
    golden.add(
        "gif_small_frame.gif", plain[:6] + b"\x20\0\x1c\0" + plain[10 : frame + 1] + b"\5\0\3\0" + plain[frame + 5 :]
    )
    shown = saved(flat, "GIF", interlace=0, transparency=3)
    frame = shown.index(b",\0\0\0\0")
    golden.add(
        "gif_small_transparent_frame.gif",
        shown[:6] + b"\x20\0\x1c\0" + shown[10 : frame + 1] + b"\5\0\3\0" + shown[frame + 5 :],
    )
    golden.add("gif_large_frame.gif", plain[:6] + b"\x09\0\x09\0" + plain[10:])
    # A file without a colour table: its colours are shades of grey.
    table = 3 << ((plain[10] & 7) + 1)
    golden.add("gif_no_palette.gif", plain[:10] + bytes([plain[10] & 0x7F]) + plain[11:13] + plain[13 + table :])


def bmp_cases(golden):
    rng = np.random.default_rng(3)
    size = (19, 11)
    colours = rng.integers(0, 256, (256, 3), np.uint8)
    for bits in 1, 4, 8:
        values = rng.integers(0, 1 << bits, size[::-1])
        palette = colours[: 1 << bits]
        golden.add(f"bmp_palette{bits}.bmp", write.bmp(size, bits, write.bmp_rows(values, bits), palette=palette))
        golden.add(
            f"bmp_os2_palette{bits}.bmp",
            write.bmp(size, bits, write.bmp_rows(values, bits), header=12, palette=palette),
        )
    few = rng.integers(0, 5, size[::-1])
    golden.add("bmp_few_colours.bmp", write.bmp(size, 8, write.bmp_rows(few, 8), palette=colours[:5]))
    golden.add("bmp_os2_version2.bmp", write.bmp(size, 4, write.bmp_rows(few, 4), header=64, palette=colours[:16]))
    runs = np.repeat(rng.integers(0, 16, (11, 7)), 3, 1)[:, :19]
    runs[:, 4:11] = rng.integers(0, 16, (11, 7))
    runs[9, :3] = 0
    golden.add(
        "bmp_rle8.bmp", write.bmp(size, 8, write.bmp_rle8(runs), compression=1, palette=colours[:16]), colours[runs]
    )
    golden.add(
        "bmp_rle4.bmp", write.bmp(size, 4, write.bmp_rle4(runs), compression=2, palette=colours[:16]), colours[runs]
    )
    rgb = rng.integers(0, 256, (*size[::-1], 3))
    for name, options in ("", {}), ("_top_down", {"top_down": True}), ("_os2", {"header": 12}):
        rows = write.bmp_rows(rgb, 24, options.get("top_down", False))
        golden.add(f"bmp_rgb24{name}.bmp", write.bmp(size, 24, rows, **options))
    deep = rng.integers(0, 65536, size[::-1])
    rows = write.bmp_rows(deep, 16)
    golden.add("bmp_555.bmp", write.bmp(size, 16, rows))
    golden.add("bmp_565.bmp", write.bmp(size, 16, rows, compression=3, masks=[0xF800, 0x7E0, 0x1F]))
    levels = [(deep >> 8 & 15) * 17, (deep >> 4 & 15) * 17, (deep & 15) * 17]  # not read by Pillow
    golden.add("bmp_444.bmp", write.bmp(size, 16, rows, compression=3, masks=[0xF00, 0xF0, 0xF]), np.stack(levels, 2))
    wide = rng.integers(0, 1 << 32, size[::-1])
    rows = write.bmp_rows(wide, 32)
    golden.add("bmp_32.bmp", write.bmp(size, 32, rows))
    for header in 40, 108, 124:
        masks = [0xFF000000, 0xFF0000, 0xFF00] + ([0xFF] if header > 40 else [])
        golden.add(f"bmp_32_masks{header}.bmp", write.bmp(size, 32, rows, header=header, compression=3, masks=masks))
    ten = np.stack([(wide >> shift & 1023) * 255 // 1023 for shift in (20, 10, 0)], 2)  # not read by Pillow
    golden.add(
        "bmp_32_masks10.bmp", write.bmp(size, 32, rows, compression=3, masks=[1023 << 20, 1023 << 10, 1023]), ten
    )


def tiff_alpha_and_ink_cases(golden, deep):
    byte = (deep >> 8).astype(np.uint8)
    rgb = byte[:, :, :3]
    for value, name in (0, "extra"), (1, "premultiplied"), (2, "alpha"):
        golden.add(f"tiff_{name}.tif", write.tiff(byte[:, :, :4], 8, 2, tags=[(338, write.SHORT, [value])]))
    golden.add("tiff_gray_alpha.tif", write.tiff(byte[:, :, :2], 8, 1, tags=[(338, write.SHORT, [2])]))
    alpha = [(338, write.SHORT, [2])]
    planes = write.tiff(byte[:, :, :2], 8, 1, separate=True, tags=alpha)
    golden.add("tiff_gray_alpha_planes.tif", planes, np.repeat(byte[:, :, :1], 3, 2))
    golden.add("tiff_alpha_planes.tif", write.tiff(byte[:, :, :4], 8, 2, separate=True, tags=alpha), rgb)
    golden.add("tiff_alpha16.tif", write.tiff(deep[:, :, :4], 16, 2, tags=alpha), rgb, 1)
    cmyk = pillow(write.tiff(byte[:, :, :4], 8, 5))
    golden.add("tiff_cmyk.tif", write.tiff(byte[:, :, :4], 8, 5), cmyk)
    golden.add("tiff_cmyk_extra.tif", write.tiff(byte, 8, 5, tags=[(338, write.SHORT, [0])]))
    golden.add("tiff_cmyk16.tif", write.tiff(deep[:, :, :4], 16, 5), tolerance=2)
    golden.add("tiff_cmyk_planes.tif", write.tiff(byte[:, :, :4], 8, 5, separate=True), cmyk)


def tiff_cases(golden):
    rng = np.random.default_rng(4)
    deep = rng.integers(0, 65536, (13, 21, 5))
    byte = (deep >> 8).astype(np.uint8)
    gray = byte[:, :, :1]
    for bits in 1, 2, 4, 8:
        for name, photometric in ("white0", 0), ("gray", 1):
            golden.add(f"tiff_{name}_{bits}.tif", write.tiff(gray >> (8 - bits), bits, photometric))
        colours = rng.integers(0, 65536, 3 << bits)
        golden.add(
            f"tiff_palette{bits}.tif", write.tiff(gray >> (8 - bits), bits, 3, tags=[(320, write.SHORT, list(colours))])
        )
    old = rng.integers(0, 256, (3, 16))  # 8-bit colours, which Pillow reads as black
    golden.add(
        "tiff_palette_old.tif",
        write.tiff(gray >> 4, 4, 3, tags=[(320, write.SHORT, list(old.reshape(-1)))]),
        old.T[gray[:, :, 0] >> 4],
    )
    rgb = byte[:, :, :3]
    for order, name in ("<", "little"), (">", "big"):
        # Pillow clips 16-bit gray at 255.
        golden.add(f"tiff_gray16_{name}.tif", write.tiff(deep[:, :, :1], 16, 1, order), np.repeat(gray, 3, 2))
        # Pillow uses the high byte, libtiff the nearest of 256 levels.
        golden.add(f"tiff_rgb16_{name}.tif", write.tiff(deep[:, :, :3], 16, 2, order), rgb, 1)
    golden.add("tiff_rgb.tif", write.tiff(rgb, 8, 2, rows_per_strip=4))
    golden.add("tiff_rgb_planes.tif", write.tiff(rgb, 8, 2, separate=True, rows_per_strip=5), rgb)
    golden.add("tiff_rgb_tiles.tif", write.tiff(rgb, 8, 2, tile=16))
    golden.add("tiff_rgb_tiles_planes.tif", write.tiff(rgb, 8, 2, tile=16, separate=True), rgb)
    golden.add("tiff_gray1_tiles.tif", write.tiff(gray >> 7, 1, 1, tile=16), np.repeat((gray >> 7) * 255, 3, 2))
    tiff_alpha_and_ink_cases(golden, deep)
    for orientation in range(1, 9):
        tag = (274, write.SHORT, [orientation])
        golden.add(f"tiff_turned{orientation}.tif", write.tiff(sample(14, 9), 8, 2, tags=[tag]))
    picture = Image.fromarray(sample(29, 21))
    for compression in "tiff_lzw", "tiff_adobe_deflate", "packbits", "zstd":
        golden.add(f"tiff_{compression.split('_')[-1]}.tif", saved(picture, "TIFF", compression=compression))
    for compression in "group3", "group4", "tiff_ccitt":
        golden.add(f"tiff_{compression}.tif", saved(picture, "TIFF", "1", compression=compression))
    base = saved(picture, "TIFF")
    golden.add("tiff_predictor.tif", tool("tiffcp -c lzw:2 a.tif out.tif", a_tif=base))
    golden.add("tiff_big.tif", tool("tiffcp -8 -c zip a.tif out.tif", a_tif=base))
    small = {"a_tif": saved(sample(14, 9), "TIFF"), "b_tif": saved(sample(14, 9)[::-1], "TIFF")}
    golden.add("tiff_pages.tif", tool("tiffcp -c lzw a.tif b.tif out.tif", **small))
    # A strip with a stated size of 4 GB: the rows that the file contains are decoded.
    strip = write.tiff(rgb, 8, 2)
    size = strip.index(write.struct.pack("<HHI", 279, write.LONG, 1)) + 8
    golden.add("tiff_long_strip.tif", strip[:size] + b"\xff\xff\xff\xff" + strip[size + 4 :], rgb)
    golden.add("tiff_jpeg_rgb.tif", tool("tiffcp -c jpeg:r a.tif out.tif", a_tif=base))
    golden.add("tiff_jpeg_ycbcr.tif", tool("tiffcp -c jpeg -t -w 16 -l 16 a.tif out.tif", a_tif=base))
    # Subsampled 2 x 2: four Y, then Cb and Cr. With Deflate, so that Pillow decodes it with libtiff.
    units = write.zlib.compress(rng.integers(0, 256, 6 * 10 * 6, np.uint8).tobytes())
    tags = {256: 20, 257: 12, 259: 8, 262: 6, 273: 8, 277: 3, 278: 12, 279: len(units), 284: 1}
    entries = [(tag, write.LONG if tag in (273, 279) else write.SHORT, [value]) for tag, value in tags.items()]
    entries += [(258, write.SHORT, [8, 8, 8]), (530, write.SHORT, [2, 2])]
    golden.add("tiff_ycbcr.tif", write.tiff_file(units, entries))


def webp_cases(golden):
    picture = Image.fromarray(sample(29, 21))
    alpha = picture.copy()
    alpha.putalpha(picture.getchannel(0))
    golden.add("webp_lossy.webp", saved(picture, "WEBP", quality=80))
    golden.add("webp_lossless.webp", saved(picture, "WEBP", lossless=True))
    golden.add("webp_lossy_alpha.webp", saved(alpha, "WEBP", quality=80))
    golden.add("webp_lossless_alpha.webp", saved(alpha, "WEBP", lossless=True, exact=True))
    golden.add(
        "webp_animated.webp",
        saved(alpha, "WEBP", save_all=True, append_images=[alpha.rotate(180)], lossless=True, exact=True),
    )
    small = np.asarray(picture)[:9, :14]
    frame, full = saved(small, "WEBP", lossless=True), saved(picture, "WEBP", lossless=True)
    moved = tool("webpmux -frame a.webp +100+6+4 -frame b.webp +100 -o out.webp", a_webp=frame, b_webp=full)
    golden.add("webp_small_frame.webp", moved)
    golden.add("webp_exif6.webp", saved(small, "WEBP", lossless=True, exif=write.exif(6)))
    golden.add("webp_exif7_prefix.webp", saved(small, "WEBP", lossless=True, exif=b"Exif\0\0" + write.exif(7)))


def heif_cases(golden):
    picture, lossy = sample(29, 21), smooth(40, 30)
    exact = "heif-enc -L -p chroma=444 --matrix_coefficients=0 -o out.heic a.png"
    golden.add("heic_lossless.heic", tool(exact, a_png=saved(picture, "PNG")), picture, 1)
    quality = "heif-enc -q 90 -o out.heic a.png"
    golden.add("heic_420.heic", tool(quality, a_png=saved(lossy, "PNG")), lossy, 8)
    gray = Image.fromarray(lossy).convert("L")
    golden.add("heic_gray.heic", tool(quality, a_png=saved(gray, "PNG")), np.asarray(gray.convert("RGB")), 4)
    deep = write.png(lossy.astype(np.uint16) * 257, 16, 2)
    golden.add("heic_10bit.heic", tool(quality + " -b 10", a_png=deep), lossy, 8)
    alpha = Image.fromarray(lossy)
    alpha.putalpha(gray)
    golden.add("heic_alpha.heic", tool(quality, a_png=saved(alpha, "PNG")), lossy, 8)

    # x265 codes whole blocks of 64 x 64 pixels; cropped pictures keep the files small.
    tiles = {}
    whole = smooth(128, 128) // 64 * 64
    for number in range(4):
        part = whole[number // 2 * 64 :, number % 2 * 64 :][:64, :64]
        data, props = write.heif_parts(tool(exact, a_png=saved(part, "PNG")))
        tiles[number + 2] = b"hvc1", data, [write.ispe(64, 64), write.box(b"hvcC", props[b"hvcC"])]
    clap = write.box(b"clap", write.struct.pack(">8I", 20, 1, 14, 1, 0, 1, 0, 1))
    one = tiles[2]
    seen = whole[25:39, 22:42]
    for turns in 1, 2, 3:
        turned = write.heif({1: (*one[:2], [*one[2], clap, write.box(b"irot", bytes([turns]))])})
        golden.add(f"heic_turned{turns}.heic", turned, np.rot90(seen, turns), 1)
    # An EXIF orientation beside the container's own transformation must be ignored.
    mirrored = {1: (*one[:2], [*one[2], clap, write.box(b"imir", b"\1")]), 2: (b"Exif", bytes(4) + write.exif(6), [])}
    golden.add("heic_mirrored.heic", write.heif(mirrored, [(b"cdsc", 2, [1])]), seen[:, ::-1], 1)
    grid = {1: (b"grid", b"\0\0\1\1\0\x80\0\x80", [write.ispe(128, 128), clap])}
    golden.add("heic_grid.heic", write.heif({**grid, **tiles}, [(b"dimg", 1, [2, 3, 4, 5])]), whole[57:71, 54:74], 1)
    data, props = write.heif_parts(tool(exact, a_png=saved(np.full((64, 64, 3), 90, np.uint8), "PNG")))
    return b"hvc1", data, [write.ispe(64, 64), write.box(b"hvcC", props[b"hvcC"])]


def avif_cases(golden):
    picture, lossy = sample(29, 21), smooth(40, 30)
    noisy, flat = saved(picture, "PNG"), saved(lossy, "PNG")
    exact = "avifenc --lossless -s 9 "
    golden.add("avif_lossless.avif", tool(exact + "a.png out.avif", a_png=noisy), picture)
    golden.add("avif_420.avif", tool("avifenc -y 420 --min 5 --max 10 -s 9 a.png out.avif", a_png=flat), lossy, 8)
    golden.add("avif_10bit.avif", tool("avifenc -d 10 --min 0 --max 5 -s 9 a.png out.avif", a_png=flat), lossy, 4)
    gray = Image.fromarray(lossy).convert("L")
    golden.add(
        "avif_gray.avif",
        tool("avifenc -y 400 --min 0 --max 0 -s 9 a.png out.avif", a_png=saved(gray, "PNG")),
        np.asarray(gray.convert("RGB")),
        2,
    )
    alpha = Image.fromarray(lossy)
    alpha.putalpha(gray)
    golden.add("avif_alpha.avif", tool(exact + "a.png out.avif", a_png=saved(alpha, "PNG")), lossy)
    golden.add(
        "avif_turned_mirrored.avif",
        tool(exact + "--irot 1 --imir 1 a.png out.avif", a_png=noisy),
        np.rot90(picture)[:, ::-1],
    )
    golden.add("avif_upside_down.avif", tool(exact + "--imir 0 a.png out.avif", a_png=noisy), picture[::-1])
    golden.add("avif_cropped.avif", tool(exact + "--crop 4,6,20,10 a.png out.avif", a_png=noisy), picture[6:16, 4:24])
    whole = smooth(128, 64)
    halves = {"a_png": saved(whole[:, :64], "PNG"), "b_png": saved(whole[:, 64:], "PNG")}
    golden.add("avif_grid.avif", tool(exact + "-g 2x1 a.png b.png out.avif", **halves), whole)
    golden.add(
        "avif_animated.avif",
        tool(exact + "a.png b.png out.avif", a_png=noisy, b_png=saved(picture[::-1], "PNG")),
        picture,
    )
    return tool(exact + "a.png out.avif", a_png=saved(lossy, "PNG"))


def add_all(golden):
    """Adds all pictures. Returns a HEIC item and an AVIF file for the hostile cases."""
    for cases in jpeg_cases, scaled_cases, png_cases, gif_cases, bmp_cases, tiff_cases, webp_cases:
        cases(golden)
    return heif_cases(golden), avif_cases(golden)
