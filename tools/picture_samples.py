"""Pictures and functions that encode them, for make_picture_golden.py."""

import io
import pathlib
import subprocess
import tempfile

import numpy as np
from PIL import Image, ImageOps


def sample(width, height):
    """Gradients that wrap around, with some noise. preprocess_test.cpp computes the same pixels."""
    y, x, c = np.meshgrid(*(np.arange(n, dtype=np.uint32) for n in (height, width, 3)), indexing="ij")
    noise = (
        x * np.uint32(1103515245) + y * np.uint32(12345) + c * np.uint32(2654435761) + x * y * np.uint32(40503)
    ) >> 26
    return ((((x * (c + 2) + y * 3) >> 1) + noise) & 255).astype(np.uint8)


def smooth(width, height):
    """A smooth picture for lossy formats."""
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 200 // width + 20, y * 200 // height + 30, (x + y) * 180 // (width + height) + 40], 2).astype(
        np.uint8
    )


def pillow(data):
    with Image.open(io.BytesIO(data)) as image:
        # Pillow applies a TIFF's orientation on loading; exif_transpose would apply it again.
        return np.asarray((image if image.format == "TIFF" else ImageOps.exif_transpose(image)).convert("RGB"))


def saved(pixels, form, mode=None, **options):
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    out = io.BytesIO()
    (image.convert(mode) if mode else image).save(out, form, **options)
    return out.getvalue()


def tool(command, **files):
    """Runs a command in a folder with these files (a_png=bytes is a.png) and returns the bytes of its file "out.*"."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            pathlib.Path(folder, name.replace("_", ".")).write_bytes(data)
        subprocess.run(command.split(), cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return next(pathlib.Path(folder).glob("out.*")).read_bytes()
