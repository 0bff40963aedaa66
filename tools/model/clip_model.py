"""The two towers in PyTorch, with the parameter names of Hugging Face's CLIPModel, so that a state_dict is the checkpoint."""
import math
from dataclasses import asdict, dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F


@dataclass
class Tower:
    hidden: int
    layers: int
    heads: int
    mlp: int


@dataclass
class Shape:
    image: int = 64
    patch: int = 8
    vision: Tower = None
    text: Tower = None
    vocabulary: int = 0
    length: int = 32
    projection: int = 256

    def as_dict(self):
        return asdict(self)


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.k_proj, self.v_proj = nn.Linear(width, width), nn.Linear(width, width)
        self.q_proj, self.out_proj = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x, mask):
        n, length, width = x.shape
        # One product for the three projections is faster than three on a CPU.
        weight = torch.cat([self.q_proj.weight, self.k_proj.weight, self.v_proj.weight])
        bias = torch.cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias])
        q, k, v = F.linear(x, weight, bias).view(n, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-1, -2)
        if mask is not None:
            scores = scores + mask
        return self.out_proj((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, length, width))


class Mlp(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x)))


class Layer(nn.Module):
    def __init__(self, tower):
        super().__init__()
        self.self_attn = Attention(tower.hidden, tower.heads)
        self.layer_norm1, self.layer_norm2 = nn.LayerNorm(tower.hidden), nn.LayerNorm(tower.hidden)
        self.mlp = Mlp(tower.hidden, tower.mlp)

    def forward(self, x, mask):
        x = x + self.self_attn(self.layer_norm1(x), mask)
        return x + self.mlp(self.layer_norm2(x))


class Encoder(nn.Module):
    def __init__(self, tower):
        super().__init__()
        self.layers = nn.ModuleList(Layer(tower) for _ in range(tower.layers))

    def forward(self, x, mask=None):
        for layer in self.layers:
            x = layer(x, mask)
        return x


class VisionEmbeddings(nn.Module):
    def __init__(self, shape):
        super().__init__()
        width = shape.vision.hidden
        self.patch = shape.patch
        self.class_embedding = nn.Parameter(torch.randn(width) * 0.02)
        self.patch_embedding = nn.Conv2d(3, width, shape.patch, shape.patch, bias=False)
        self.position_embedding = nn.Embedding((shape.image // shape.patch) ** 2 + 1, width)

    def forward(self, pixels):
        n, p = len(pixels), self.patch
        rows = pixels.shape[-1] // p
        cells = pixels.view(n, 3, rows, p, rows, p).permute(0, 2, 4, 1, 3, 5).reshape(n, rows * rows, 3 * p * p)
        patches = F.linear(cells, self.patch_embedding.weight.flatten(1))
        x = torch.cat([self.class_embedding.to(patches.dtype).expand(n, 1, -1), patches], 1)
        return x + self.positions(rows)

    def positions(self, rows):
        """The position embedding for rows x rows patches; training begins with smaller pictures than the model's input."""
        weight = self.position_embedding.weight
        full = round((len(weight) - 1) ** 0.5)
        if rows == full:
            return weight
        grid = weight[1:].view(1, full, full, -1).permute(0, 3, 1, 2)
        grid = F.interpolate(grid, (rows, rows), mode="bilinear", align_corners=False)
        return torch.cat([weight[:1], grid.flatten(2).transpose(1, 2)[0]])


class VisionModel(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.embeddings = VisionEmbeddings(shape)
        self.pre_layrnorm = nn.LayerNorm(shape.vision.hidden)
        self.encoder = Encoder(shape.vision)
        self.post_layernorm = nn.LayerNorm(shape.vision.hidden)

    def forward(self, pixels):
        return self.post_layernorm(self.encoder(self.pre_layrnorm(self.embeddings(pixels)))[:, 0])


class TextEmbeddings(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.token_embedding = nn.Embedding(shape.vocabulary, shape.text.hidden)
        self.position_embedding = nn.Embedding(shape.length, shape.text.hidden)

    def forward(self, ids):
        return self.token_embedding(ids) + self.position_embedding.weight[: ids.shape[1]]


class TextModel(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.embeddings = TextEmbeddings(shape)
        self.encoder = Encoder(shape.text)
        self.final_layer_norm = nn.LayerNorm(shape.text.hidden)

    def forward(self, ids, ends):
        length = ids.shape[1]
        mask = torch.full((length, length), -1e4).triu(1)
        x = self.encoder(self.embeddings(ids), mask)
        return self.final_layer_norm(x[torch.arange(len(ids)), ends])


class Clip(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.vision_model, self.text_model = VisionModel(shape), TextModel(shape)
        self.visual_projection = nn.Linear(shape.vision.hidden, shape.projection, bias=False)
        self.text_projection = nn.Linear(shape.text.hidden, shape.projection, bias=False)
        self.logit_scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))
        self.apply(initialise)

    def image(self, pixels):
        """Unit vectors [n, projection] of normalised pixels [n, 3, side, side]."""
        return F.normalize(self.visual_projection(self.vision_model(pixels)).float(), dim=-1)

    def text(self, ids, ends):
        """Unit vectors of token ids [n, length]; `ends` are the positions of the end tokens."""
        return F.normalize(self.text_projection(self.text_model(ids, ends)).float(), dim=-1)


def initialise(module):
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.trunc_normal_(module.weight, std=module.weight[0].numel() ** -0.5)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
