"""CLIP's two towers in plain PyTorch, f32: the reference for clipseek's numbers.

Written from the paper (Radford et al. 2021) and the layout of Hugging Face's CLIPModel files; docs/parity.md describes
the comparison with openai/CLIP's own code. Pictures are preprocessed with Pillow, as in the reference processors.
"""
import json
import os

import numpy
import torch
from PIL import Image

import safetensors_io


def activation(name):
    return {"quick_gelu": lambda x: x * torch.sigmoid(1.702 * x),
            "gelu": torch.nn.functional.gelu,
            "gelu_pytorch_tanh": lambda x: 0.5 * x * (1 + torch.tanh((2 / torch.pi) ** 0.5 * (x + 0.044715 * x ** 3))),
            }[name]


class Model:
    """A CLIPModel folder, with its weights converted to f32."""

    def __init__(self, folder):
        self.config = json.load(open(os.path.join(folder, "config.json")))
        self.preprocessor = json.load(open(os.path.join(folder, "preprocessor_config.json")))
        tensors = safetensors_io.load(os.path.join(folder, "model.safetensors"))
        self.weights = {name: value.float() for name, value in tensors.items()}

    def linear(self, x, name):
        return torch.nn.functional.linear(x, self.weights[name + ".weight"], self.weights.get(name + ".bias"))

    def norm(self, x, name, config):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], self.weights[name + ".weight"],
                                              self.weights[name + ".bias"], config.get("layer_norm_eps", 1e-5))

    def attention(self, x, prefix, heads, causal):
        batch, tokens, width = x.shape
        q, k, v = (self.linear(x, f"{prefix}.{part}_proj").view(batch, tokens, heads, width // heads).transpose(1, 2)
                   for part in "qkv")
        scores = q @ k.transpose(2, 3) * (width // heads) ** -0.5
        if causal:
            scores = scores + torch.full((tokens, tokens), float("-inf")).triu(1)
        mixed = (scores.softmax(dim=-1) @ v).transpose(1, 2).reshape(batch, tokens, width)
        return self.linear(mixed, prefix + ".out_proj")

    def transformer(self, x, tower, config, causal):
        act = activation(config.get("hidden_act", "quick_gelu"))
        for i in range(config["num_hidden_layers"]):
            prefix = f"{tower}.encoder.layers.{i}"
            x = x + self.attention(self.norm(x, prefix + ".layer_norm1", config), prefix + ".self_attn",
                                   config["num_attention_heads"], causal)
            hidden = act(self.linear(self.norm(x, prefix + ".layer_norm2", config), prefix + ".mlp.fc1"))
            x = x + self.linear(hidden, prefix + ".mlp.fc2")
        return x

    @torch.no_grad()
    def text_feature(self, ids):
        """The unit-length feature of a list of token ids, all of which are computed; the config states its position."""
        config = self.config["text_config"]
        embeddings = "text_model.embeddings."
        x = self.weights[embeddings + "token_embedding.weight"][ids]
        x = x + self.weights[embeddings + "position_embedding.weight"][:len(ids)]
        x = self.transformer(x[None], "text_model", config, causal=True)
        x = self.norm(x, "text_model.final_layer_norm", config)
        end = config.get("eos_token_id", 49407)
        position = ids.index(max(ids)) if end == 2 else ids.index(end)
        feature = self.linear(x[0, position], "text_projection")
        return feature / feature.norm()

    @torch.no_grad()
    def image_feature(self, pixels):
        """The unit-length feature of preprocessed pixels [3, S, S]."""
        config = self.config["vision_config"]
        embeddings = "vision_model.embeddings."
        patches = torch.nn.functional.conv2d(pixels[None], self.weights[embeddings + "patch_embedding.weight"],
                                             stride=config["patch_size"])
        x = torch.cat([self.weights[embeddings + "class_embedding"][None, None],
                       patches.flatten(2).transpose(1, 2)], dim=1)
        x = x + self.weights[embeddings + "position_embedding.weight"]
        x = self.norm(x, "vision_model.pre_layrnorm", config)
        x = self.transformer(x, "vision_model", config, causal=False)
        feature = self.linear(self.norm(x[0, 0], "vision_model.post_layernorm", config), "visual_projection")
        return feature / feature.norm()

    def pixels(self, path):
        """A picture file as input of the image tower, [3, S, S]: resized with Pillow by its shorter side and cropped at
        the centre, or resized to the square."""
        image = Image.open(path).convert("RGB")
        filter_ = Image.Resampling(self.preprocessor.get("resample", 3))
        target = self.preprocessor["size"]
        if isinstance(target, dict) and "height" in target:  # squashed, not cropped
            image = image.resize((target["width"], target["height"]), filter_)
            left, top, crop = 0, 0, target["height"]
        else:
            target = target["shortest_edge"] if isinstance(target, dict) else target
            crop = self.preprocessor["crop_size"]
            crop = crop["height"] if isinstance(crop, dict) else crop
            width, height = image.size
            if width <= height:
                size = (target, int(target * height / width))
            else:
                size = (int(target * width / height), target)
            image = image.resize(size, filter_)
            left, top = (image.width - crop) // 2, (image.height - crop) // 2
        image = image.crop((left, top, left + crop, top + crop))
        values = numpy.asarray(image, dtype=numpy.float32) / 255
        mean = numpy.float32(self.preprocessor["image_mean"])
        std = numpy.float32(self.preprocessor["image_std"])
        return torch.from_numpy(((values - mean) / std).transpose(2, 0, 1).copy())
