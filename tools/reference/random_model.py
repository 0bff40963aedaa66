"""Writes CLIPModel folders with random weights: the layout of a published checkpoint at any size."""
import json
import os

import torch

import safetensors_io

MEAN = [0.48145466, 0.4578275, 0.40821073]
STD = [0.26862954, 0.26130258, 0.27577711]

# Widths, heads and layers of the published sizes (Radford et al. 2021, table 20; open_clip for H/14).
ARCHITECTURES = {
    "B/32": dict(patch=32, image=224, width=768, heads=12, layers=12, text_width=512, text_heads=8, text_layers=12,
                 projection=512),
    "B/16": dict(patch=16, image=224, width=768, heads=12, layers=12, text_width=512, text_heads=8, text_layers=12,
                 projection=512),
    "L/14": dict(patch=14, image=224, width=1024, heads=16, layers=24, text_width=768, text_heads=12, text_layers=12,
                 projection=768),
    "L/14-336": dict(patch=14, image=336, width=1024, heads=16, layers=24, text_width=768, text_heads=12,
                     text_layers=12, projection=768),
    "H/14": dict(patch=14, image=224, width=1280, heads=16, layers=32, text_width=1024, text_heads=16, text_layers=24,
                 projection=1024, act="gelu"),
}


def byte_symbols():
    """The 256 characters that stand for bytes in vocab.json: printable ones for themselves, the others from U+0100 on."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    rest = [byte for byte in range(256) if byte not in plain]
    symbols = {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(rest)}
    return [symbols[byte] for byte in plain + rest]


def vocabulary(merges):
    """vocab.json in CLIP's order: byte symbols, the same at the end of a word, merges, the two special tokens."""
    symbols = byte_symbols()
    tokens = symbols + [symbol + "</w>" for symbol in symbols] + ["".join(pair) for pair in merges]
    return {token: i for i, token in enumerate(tokens + ["<|startoftext|>", "<|endoftext|>"])}


def transformer(prefix, width, hidden, layers, tensor):
    tensors = {}
    for i in range(layers):
        layer = f"{prefix}.encoder.layers.{i}."
        shapes = {"mlp.fc1": (hidden, width), "mlp.fc2": (width, hidden)}
        shapes |= {f"self_attn.{part}_proj": (width, width) for part in ("q", "k", "v", "out")}
        for name, (outputs, inputs) in shapes.items():
            tensors[layer + name + ".weight"] = tensor((outputs, inputs), inputs ** -0.5)
            tensors[layer + name + ".bias"] = tensor((outputs,), 0.1)
        for name in ("layer_norm1", "layer_norm2"):
            tensors |= norm(layer + name, width, tensor)
    return tensors


def norm(name, width, tensor):
    return {name + ".weight": 1 + tensor((width,), 0.2), name + ".bias": tensor((width,), 0.2)}


def write(folder, *, patch, image, width, heads, layers, text_width, text_heads, text_layers, projection, merges,
          hidden=None, text_hidden=None, act="quick_gelu", context=77, eos=None, dtype=torch.float32, seed=0):
    """Writes the folder. The random weights give different inputs clearly different features. `eos` is the end token
    that the config states (2 in OpenAI's); by default the actual id."""
    generator = torch.Generator().manual_seed(seed)

    def tensor(shape, deviation):
        return torch.randn(shape, generator=generator) * deviation

    tokens = vocabulary(merges)
    end = tokens["<|endoftext|>"]
    hidden = hidden or 4 * width
    text_hidden = text_hidden or 4 * text_width
    weights = {
        "text_model.embeddings.token_embedding.weight": tensor((len(tokens), text_width), 1.0),
        "text_model.embeddings.position_embedding.weight": tensor((context, text_width), 0.3),
        "text_projection.weight": tensor((projection, text_width), text_width ** -0.5),
        "vision_model.embeddings.class_embedding": tensor((width,), 1.0),
        "vision_model.embeddings.patch_embedding.weight": tensor((width, 3, patch, patch), (3 * patch * patch) ** -0.5),
        "vision_model.embeddings.position_embedding.weight": tensor(((image // patch) ** 2 + 1, width), 0.3),
        "visual_projection.weight": tensor((projection, width), width ** -0.5),
        "logit_scale": torch.tensor(4.6052),
    }
    weights |= norm("text_model.final_layer_norm", text_width, tensor)
    weights |= norm("vision_model.pre_layrnorm", width, tensor) | norm("vision_model.post_layernorm", width, tensor)
    weights |= transformer("text_model", text_width, text_hidden, text_layers, tensor)
    weights |= transformer("vision_model", width, hidden, layers, tensor)
    config = {
        "model_type": "clip", "architectures": ["CLIPModel"], "projection_dim": projection,
        "text_config": {"hidden_size": text_width, "intermediate_size": text_hidden, "num_hidden_layers": text_layers,
                        "num_attention_heads": text_heads, "max_position_embeddings": context,
                        "vocab_size": len(tokens), "hidden_act": act, "layer_norm_eps": 1e-5,
                        "bos_token_id": end - 1, "eos_token_id": end if eos is None else eos},
        "vision_config": {"hidden_size": width, "intermediate_size": hidden, "num_hidden_layers": layers,
                          "num_attention_heads": heads, "image_size": image, "patch_size": patch, "hidden_act": act,
                          "layer_norm_eps": 1e-5},
    }
    preprocessor = {"do_resize": True, "size": {"shortest_edge": image}, "resample": 3, "do_center_crop": True,
                    "crop_size": {"height": image, "width": image}, "do_normalize": True, "image_mean": MEAN,
                    "image_std": STD}
    os.makedirs(folder, exist_ok=True)
    for name, content in (("config.json", config), ("preprocessor_config.json", preprocessor), ("vocab.json", tokens)):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(content, file, ensure_ascii=False, indent=None if name == "vocab.json" else 1)
            file.write("\n")
    with open(os.path.join(folder, "merges.txt"), "w", encoding="utf-8") as file:
        file.write("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges))
    safetensors_io.save(os.path.join(folder, "model.safetensors"), {k: v.to(dtype) for k, v in weights.items()})
