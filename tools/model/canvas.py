"""Draws many scenes at once on tensors: tiles are styled, rotated, scaled and drawn over procedural backgrounds.

The same code draws 64-pixel training batches and larger pictures for evaluation and samples; only `side` differs.
"""
import numpy as np
import torch
import torch.nn.functional as F

# Styles of a layer. The first nine are for coloured tiles, the rest for line tiles (see pictograms.LineFont).
PLAIN, JITTER, GREY, DUOTONE, POSTER, EDGES, FLAT, STICKER, PIXELS, INK, FILLED, REVERSED = range(12)
BACKGROUNDS = ("flat", "gradient", "noise", "stripes", "checks", "blobs")


class Bank:
    """Tiles of one size, and the same tiles at 1/2 and 1/4 of it: uint8 [count, 4, side, side]."""

    def __init__(self, tiles):
        self.levels = [torch.as_tensor(tiles)]
        for _ in range(2):
            self.levels.append(halve(self.levels[-1]))

    def take(self, numbers, pixels):
        """float32 [n, 4, s, s] in 0..1, premultiplied, at the smallest stored size that is not below `pixels`."""
        fitting = [level for level in self.levels if level.shape[-1] >= 0.9 * pixels] or self.levels[:1]
        tiles = fitting[-1][numbers].float() / 255
        tiles[:, :3] *= tiles[:, 3:]
        return tiles


def halve(tiles):
    parts = []
    for chunk in torch.split(tiles, 512):
        chunk = chunk.float()
        chunk[:, :3] *= chunk[:, 3:] / 255
        chunk = F.avg_pool2d(chunk, 2)
        chunk[:, :3] *= 255 / chunk[:, 3:].clamp(min=1)
        parts.append(chunk.round().clamp(0, 255).to(torch.uint8))
    return torch.cat(parts)


def luminance(colour):
    return (colour * colour.new_tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)


def restyle(tiles, style, first, second, generator):
    """Applies one style to premultiplied tiles [n, 4, s, s]; `first` and `second` are colours [n, 3]."""
    alpha = tiles[:, 3:]
    colour = tiles[:, :3] / alpha.clamp(min=1e-3)
    a, b = first[:, :, None, None], second[:, :, None, None]
    if style == JITTER:
        gain = 1 + 0.13 * torch.randn(len(tiles), 3, 1, 1, generator=generator)
        offset = 0.08 * torch.randn(len(tiles), 1, 1, 1, generator=generator)
        grey = luminance(colour)
        saturation = 0.3 + 1.2 * torch.rand(len(tiles), 1, 1, 1, generator=generator)
        colour = (grey + (colour - grey) * saturation) * gain + offset
    elif style == GREY:
        colour = luminance(colour).expand_as(colour)
    elif style == DUOTONE:
        grey = luminance(colour)
        colour = a * (1 - grey) + b * grey
    elif style == POSTER:
        steps = torch.randint(1, 4, (len(tiles), 1, 1, 1), generator=generator).float()
        colour = (colour * steps + 0.5).floor() / steps
    elif style == EDGES:
        colour, alpha = edges(colour, alpha, a, b)
    elif style == FLAT:
        colour = a.expand_as(colour)
    elif style == STICKER:
        width = 2 * max(1, tiles.shape[-1] // 24) + 1
        grown = F.max_pool2d(alpha, width, 1, width // 2)
        colour = (colour * alpha + a * (grown - alpha).clamp(min=0)) / grown.clamp(min=1e-3)
        alpha = grown
    elif style == PIXELS:
        coarse = F.interpolate(F.adaptive_avg_pool2d(tiles, 16), tiles.shape[-2:])
        alpha = (coarse[:, 3:] > 0.45).float()
        colour = coarse[:, :3] / coarse[:, 3:].clamp(min=1e-3)
    elif style == INK:
        colour, alpha = a.expand_as(colour), tiles[:, :1] / alpha.clamp(min=1e-3) * alpha
    elif style == FILLED:
        colour = a * colour[:, :1] + b * (1 - colour[:, :1])
    elif style == REVERSED:
        colour = b * colour[:, :1] + a * (1 - colour[:, :1])
    return torch.cat([colour.clamp(0, 1) * alpha, alpha], 1)


def edges(colour, alpha, ink, paper):
    """A line drawing: ink where the tone or the silhouette changes, on paper that fills the silhouette."""
    tone = torch.cat([luminance(colour) * alpha, alpha], 1)
    dx = tone - torch.roll(tone, 1, 3)
    dy = tone - torch.roll(tone, 1, 2)
    line = ((dx * dx + dy * dy).sqrt().amax(1, keepdim=True) * 4 - 0.25).clamp(0, 1)
    line = torch.maximum(line, F.avg_pool2d(line, 3, 1, 1))
    return ink * line + paper * (1 - line), torch.maximum(alpha, line)


def rotation(angle, size, shear, x, y, patch):
    """[n, 2, 3] for affine_grid, from output patch coordinates to tile coordinates. Lengths are in pixels, angles in radians."""
    scale = patch / size
    cos, sin = torch.cos(angle) * scale, torch.sin(angle) * scale
    row1 = torch.stack([cos + shear * sin, sin - shear * cos, -(x * cos + y * sin) - shear * (x * sin - y * cos)], 1)
    row2 = torch.stack([-sin, cos, x * sin - y * cos], 1)
    return torch.stack([row1, row2], 1)


def layers_by_patch(layers, side):
    """Groups layers by the size of their patch: small layers are drawn on half the canvas, which costs a quarter."""
    small = layers["size"] * 1.45 <= 0.5
    for chosen, patch in ((small, side // 2), (~small, side)):
        if chosen.any():
            yield layers[chosen], patch


def draw_depth(canvas, layers, bank, side, generator):
    """Draws the given layers, at most one for each picture, over the canvas [pictures, 3, side, side]."""
    for some, patch in layers_by_patch(layers, side):
        for style in np.unique(some["style"]):
            group = some[some["style"] == style]
            tensor = {name: torch.from_numpy(np.ascontiguousarray(group[name])) for name in group.dtype.names}
            pixels = float(tensor["size"].mean()) * side
            tiles = restyle(bank.take(tensor["tile"], pixels), int(style), tensor["first"], tensor["second"], generator)
            left = (tensor["x"] * side - patch / 2).round().clamp(0, side - patch).long()
            top = (tensor["y"] * side - patch / 2).round().clamp(0, side - patch).long()
            dx = (tensor["x"] * side - left - patch / 2) / (patch / 2)
            dy = (tensor["y"] * side - top - patch / 2) / (patch / 2)
            grid = rotation(tensor["angle"], tensor["size"] * side, tensor["shear"], dx, dy, patch)
            drawn = F.grid_sample(tiles, F.affine_grid(grid, (len(group), 4, patch, patch), align_corners=False), align_corners=False)
            lay(canvas, drawn, tensor, left, top, patch, generator)


def lay(canvas, drawn, tensor, left, top, patch, generator):
    shade = tensor["shade"][:, None, None, None]
    if float(shade.abs().max()) > 0:
        ramp = torch.linspace(-1, 1, patch)
        turn = torch.rand(len(drawn), 1, 1, generator=generator) * 6.283
        slope = ramp[None, None, :] * torch.cos(turn) + ramp[None, :, None] * torch.sin(turn)
        lit = drawn[:, :3] * (1 + shade * slope[:, None])
        drawn = torch.cat([torch.minimum(lit.clamp(min=0), drawn[:, 3:]), drawn[:, 3:]], 1)
    rows = top[:, None, None] + torch.arange(patch)[None, :, None]
    columns = left[:, None, None] + torch.arange(patch)[None, None, :]
    picture = tensor["picture"][:, None, None]
    below = canvas[picture, :, rows, columns]  # [n, patch, patch, 3]
    above = drawn.permute(0, 2, 3, 1)
    shadow = tensor["shadow"][:, None, None, None]
    if float(shadow.max()) > 0:
        fallen = torch.roll(F.avg_pool2d(drawn[:, 3:], 5, 1, 2), (patch // 24 + 1, patch // 32 + 1), (2, 3)).permute(0, 2, 3, 1)
        below = below * (1 - shadow * fallen)
    canvas[picture, :, rows, columns] = below * (1 - above[..., 3:]) + above[..., :3]


def draw_backgrounds(kinds, first, second, side, generator):
    """[n, 3, side, side] from kinds (numbers into BACKGROUNDS) and two colours [n, 3] each."""
    n = len(kinds)
    ramp = torch.linspace(0, 1, side)
    turn = torch.rand(n, 1, 1, generator=generator) * 6.283
    slope = (ramp[None, None, :] - 0.5) * torch.cos(turn) + (ramp[None, :, None] - 0.5) * torch.sin(turn)
    waves = 2 + torch.rand(n, 1, 1, generator=generator) * 5
    mix = torch.zeros(n, side, side)
    kind = torch.from_numpy(kinds)
    for number, name in enumerate(BACKGROUNDS):
        chosen = kind == number
        count = int(chosen.sum())
        if count == 0 or name == "flat":
            continue
        if name == "gradient":
            mix[chosen] = slope[chosen] + 0.5
        elif name == "noise":
            coarse = torch.rand(count, 1, side // 4, side // 4, generator=generator)
            mix[chosen] = F.interpolate(coarse, (side, side), mode="bilinear", align_corners=False)[:, 0]
        elif name == "stripes":
            mix[chosen] = ((slope[chosen] * waves[chosen] * 12).sin() * 3 + 0.5).clamp(0, 1)
        elif name == "checks":
            cell = (waves[chosen] * 1.5).round()
            mix[chosen] = ((ramp[None, :, None] * cell).floor() + (ramp[None, None, :] * cell).floor()) % 2
        else:
            coarse = torch.rand(count, 1, 5, 5, generator=generator)
            mix[chosen] = F.interpolate(coarse, (side, side), mode="bicubic", align_corners=False)[:, 0].clamp(0, 1)
    return first[:, :, None, None] * (1 - mix[:, None]) + second[:, :, None, None] * mix[:, None]


def degrade(canvas, strength, generator):
    """Degrades pictures: blur, JPEG-like blocks, grain, contrast. `strength` [n] in 0..1."""
    n, _, side, _ = canvas.shape
    pick = torch.rand(4, n, generator=generator)
    some = (pick[0] < 0.3 * strength).nonzero()[:, 0]
    if len(some):
        canvas[some] = F.avg_pool2d(F.pad(canvas[some], (1, 1, 1, 1), mode="replicate"), 3, 1)
    some = (pick[1] < 0.3 * strength).nonzero()[:, 0]
    if len(some):
        canvas[some] = blocks(canvas[some], generator)
    some = (pick[2] < 0.5 * strength).nonzero()[:, 0]
    if len(some):
        grain = torch.rand(len(some), 1, 1, 1, generator=generator) * 0.09
        canvas[some] += torch.randn(len(some), 3, side, side, generator=generator) * grain
    gain = 1 + (0.15 * torch.randn(n, 1, 1, 1, generator=generator)) * strength.view(-1, 1, 1, 1)
    offset = 0.05 * torch.randn(n, 1, 1, 1, generator=generator) * strength.view(-1, 1, 1, 1)
    return ((canvas - 0.5) * gain + 0.5 + offset).clamp(0, 1)


def cosine_matrix(size=8):
    k, n = torch.arange(size)[:, None].float(), torch.arange(size)[None].float()
    matrix = torch.cos(np.pi * (2 * n + 1) * k / (2 * size)) * (2 / size) ** 0.5
    matrix[0] /= 2**0.5
    return matrix


COSINES = cosine_matrix()


def blocks(pictures, generator):
    """Coarse quantisation of 8 x 8 cosine coefficients, which is the main loss of JPEG."""
    n, channels, side, _ = pictures.shape
    cells = pictures.view(n, channels, side // 8, 8, side // 8, 8).transpose(3, 4)
    coefficients = COSINES @ cells @ COSINES.T
    k = torch.arange(8).float()
    step = 0.03 * (1 + 0.6 * (k[:, None] + k[None])) * (0.3 + 1.7 * torch.rand(n, 1, 1, 1, 1, 1, generator=generator))
    coefficients = (coefficients / step).round() * step
    return (COSINES.T @ coefficients @ COSINES).transpose(3, 4).reshape(n, channels, side, side)


def draw(scenes, bank, pages, side, generator):
    """Draws a `scenes.Batch`: pictures [n, 3, side, side] in 0..1. `pages` are the finished pictures of scenes without layers."""
    canvas = draw_backgrounds(scenes.ground_kind, torch.from_numpy(scenes.ground_first), torch.from_numpy(scenes.ground_second), side, generator)
    chosen = np.nonzero(scenes.page >= 0)[0]
    if len(chosen):
        ready = pages[torch.from_numpy(scenes.page[chosen])].float() / 255
        if ready.shape[-1] != side:
            ready = F.interpolate(ready, (side, side), mode="bicubic", align_corners=False, antialias=ready.shape[-1] > side).clamp(0, 1)
        canvas[torch.from_numpy(chosen)] = ready
    for depth in range(int(scenes.layers["depth"].max()) + 1 if len(scenes.layers) else 0):
        draw_depth(canvas, scenes.layers[scenes.layers["depth"] == depth], bank, side, generator)
    return degrade(canvas, torch.from_numpy(scenes.loss), generator)
