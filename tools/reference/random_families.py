"""Writes small folders with random weights in the other layouts: open_clip, SigLIP, Chinese-CLIP."""
import json
import os

import torch

import random_model
import safetensors_io
from random_model import norm, transformer


def generator_of(seed):
    generator = torch.Generator().manual_seed(seed)
    return lambda shape, deviation: torch.randn(shape, generator=generator) * deviation


def write_json(folder, name, content):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        json.dump(content, file, ensure_ascii=False, indent=1)
        file.write("\n")


def open_clip_names(weights, text_prefix):
    """The tensors of a CLIPModel with open_clip's names: fused attention projections, transposed final projections."""
    renamed = {}
    towers = {"text_model": text_prefix, "vision_model": "visual."}
    plain = {"text_model.embeddings.token_embedding.weight": text_prefix + "token_embedding.weight",
             "text_model.embeddings.position_embedding.weight": text_prefix + "positional_embedding",
             "vision_model.embeddings.class_embedding": "visual.class_embedding",
             "vision_model.embeddings.patch_embedding.weight": "visual.conv1.weight",
             "vision_model.embeddings.position_embedding.weight": "visual.positional_embedding",
             "logit_scale": "logit_scale"}
    for old, new in (("text_model.final_layer_norm", text_prefix + "ln_final"),
                     ("vision_model.pre_layrnorm", "visual.ln_pre"), ("vision_model.post_layernorm", "visual.ln_post")):
        plain |= {f"{old}.{kind}": f"{new}.{kind}" for kind in ("weight", "bias")}
    for old, new in plain.items():
        renamed[new] = weights[old]
    renamed[text_prefix + "text_projection"] = weights["text_projection.weight"].T
    renamed["visual.proj"] = weights["visual_projection.weight"].T
    parts = {"layer_norm1": "ln_1", "layer_norm2": "ln_2", "self_attn.out_proj": "attn.out_proj", "mlp.fc1": "mlp.c_fc",
             "mlp.fc2": "mlp.c_proj"}
    for tower, prefix in towers.items():
        i = 0
        while f"{tower}.encoder.layers.{i}.layer_norm1.weight" in weights:
            old, new = f"{tower}.encoder.layers.{i}.", f"{prefix}transformer.resblocks.{i}."
            for kind in ("weight", "bias"):
                for a, b in parts.items():
                    renamed[f"{new}{b}.{kind}"] = weights[f"{old}{a}.{kind}"]
                renamed[f"{new}attn.in_proj_{kind}"] = torch.cat(
                    [weights[f"{old}self_attn.{part}_proj.{kind}"] for part in "qkv"])
            i += 1
    return renamed


def write_open_clip(folder, *, custom_text=False, head_width, **options):
    """Writes a CLIPModel of the same weights to `folder`/hf, which the reference reads, and the open_clip folder itself."""
    reference = os.path.join(folder, "hf")
    random_model.write(reference, **options)
    weights = safetensors_io.load(os.path.join(reference, "model.safetensors"))
    config = json.load(open(os.path.join(reference, "config.json")))
    text, vision = config["text_config"], config["vision_config"]
    model_cfg = {"embed_dim": config["projection_dim"], "quick_gelu": options.get("act", "quick_gelu") == "quick_gelu",
                 "vision_cfg": {"image_size": vision["image_size"], "layers": vision["num_hidden_layers"],
                                "width": vision["hidden_size"], "head_width": head_width,
                                "patch_size": vision["patch_size"],
                                "mlp_ratio": vision["intermediate_size"] / vision["hidden_size"]},
                 "text_cfg": {"context_length": text["max_position_embeddings"], "vocab_size": text["vocab_size"],
                              "width": text["hidden_size"], "heads": text["num_attention_heads"],
                              "layers": text["num_hidden_layers"]}}
    if custom_text:
        model_cfg["custom_text"] = True
    write_json(folder, "open_clip_config.json", {
        "model_cfg": model_cfg,
        "preprocess_cfg": {"mean": random_model.MEAN, "std": random_model.STD, "interpolation": "bicubic",
                           "resize_mode": "shortest"}})
    safetensors_io.save(os.path.join(folder, "open_clip_model.safetensors"),
                        open_clip_names(weights, "text." if custom_text else ""))
    for name in ("vocab.json", "merges.txt"):
        os.rename(os.path.join(reference, name), os.path.join(folder, name))


def write_siglip(folder, *, patch, image, width, heads, layers, text_width, text_heads, text_layers, vocabulary,
                 context, hidden=None, seed=0, resample=3, dtype=torch.float32):
    tensor = generator_of(seed)
    hidden = hidden or 4 * width
    weights = {
        "text_model.embeddings.token_embedding.weight": tensor((vocabulary, text_width), 1.0),
        "text_model.embeddings.position_embedding.weight": tensor((context, text_width), 0.3),
        "text_model.head.weight": tensor((width, text_width), text_width ** -0.5),
        "text_model.head.bias": tensor((width,), 0.1),
        "vision_model.embeddings.patch_embedding.weight": tensor((width, 3, patch, patch), (3 * patch ** 2) ** -0.5),
        "vision_model.embeddings.patch_embedding.bias": tensor((width,), 0.1),
        "vision_model.embeddings.position_embedding.weight": tensor(((image // patch) ** 2, width), 0.3),
        "vision_model.head.probe": tensor((1, 1, width), 1.0),
        "vision_model.head.attention.in_proj_weight": tensor((3 * width, width), 2 * width ** -0.5),
        "vision_model.head.attention.in_proj_bias": tensor((3 * width,), 0.1),
        "vision_model.head.attention.out_proj.weight": tensor((width, width), width ** -0.5),
        "vision_model.head.attention.out_proj.bias": tensor((width,), 0.1),
        "vision_model.head.mlp.fc1.weight": tensor((hidden, width), width ** -0.5),
        "vision_model.head.mlp.fc1.bias": tensor((hidden,), 0.1),
        "vision_model.head.mlp.fc2.weight": tensor((width, hidden), hidden ** -0.5),
        "vision_model.head.mlp.fc2.bias": tensor((width,), 0.1),
        "logit_scale": torch.tensor([4.7]), "logit_bias": torch.tensor([-12.0])}
    for name, size in (("text_model.final_layer_norm", text_width), ("vision_model.post_layernorm", width),
                       ("vision_model.head.layernorm", width)):
        weights |= norm(name, size, tensor)
    weights |= transformer("text_model", text_width, 4 * text_width, text_layers, tensor)
    weights |= transformer("vision_model", width, hidden, layers, tensor)
    write_json(folder, "config.json", {
        "model_type": "siglip",
        "text_config": {"model_type": "siglip_text_model", "hidden_size": text_width, "projection_size": width,
                        "intermediate_size": 4 * text_width, "num_hidden_layers": text_layers,
                        "num_attention_heads": text_heads, "max_position_embeddings": context,
                        "vocab_size": vocabulary},
        "vision_config": {"model_type": "siglip_vision_model", "hidden_size": width, "intermediate_size": hidden,
                          "num_hidden_layers": layers, "num_attention_heads": heads, "image_size": image,
                          "patch_size": patch}})
    write_json(folder, "preprocessor_config.json", {
        "do_resize": True, "size": {"height": image, "width": image}, "resample": resample, "do_rescale": True,
        "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3})
    safetensors_io.save(os.path.join(folder, "model.safetensors"), {k: v.to(dtype) for k, v in weights.items()})


def bert(width, hidden, layers, tensor):
    weights = {}
    for i in range(layers):
        layer = f"text_model.encoder.layer.{i}."
        shapes = {f"attention.self.{part}": (width, width) for part in ("query", "key", "value")}
        shapes |= {"attention.output.dense": (width, width), "intermediate.dense": (hidden, width),
                   "output.dense": (width, hidden)}
        for name, (outputs, inputs) in shapes.items():
            weights[layer + name + ".weight"] = tensor((outputs, inputs), inputs ** -0.5)
            weights[layer + name + ".bias"] = tensor((outputs,), 0.1)
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            weights |= norm(layer + name, width, tensor)
    return weights


def write_chinese_clip(folder, *, patch, image, width, heads, layers, text_width, text_heads, text_layers, vocabulary,
                       projection, seed=0):
    tensor = generator_of(seed)
    positions = 64
    weights = {
        "text_model.embeddings.word_embeddings.weight": tensor((vocabulary, text_width), 1.0),
        "text_model.embeddings.position_embeddings.weight": tensor((positions, text_width), 0.3),
        "text_model.embeddings.token_type_embeddings.weight": tensor((2, text_width), 0.3),
        "text_projection.weight": tensor((projection, text_width), text_width ** -0.5),
        "vision_model.embeddings.class_embedding": tensor((width,), 1.0),
        "vision_model.embeddings.patch_embedding.weight": tensor((width, 3, patch, patch), (3 * patch ** 2) ** -0.5),
        "vision_model.embeddings.position_embedding.weight": tensor(((image // patch) ** 2 + 1, width), 0.3),
        "visual_projection.weight": tensor((projection, width), width ** -0.5),
        "logit_scale": torch.tensor(4.6)}
    for name, size in (("text_model.embeddings.LayerNorm", text_width), ("vision_model.pre_layrnorm", width),
                       ("vision_model.post_layernorm", width)):
        weights |= norm(name, size, tensor)
    weights |= bert(text_width, 4 * text_width, text_layers, tensor)
    weights |= transformer("vision_model", width, 4 * width, layers, tensor)
    write_json(folder, "config.json", {
        "model_type": "chinese_clip", "projection_dim": projection,
        "text_config": {"hidden_size": text_width, "intermediate_size": 4 * text_width,
                        "num_hidden_layers": text_layers, "num_attention_heads": text_heads, "vocab_size": vocabulary,
                        "max_position_embeddings": positions, "type_vocab_size": 2, "layer_norm_eps": 1e-12,
                        "hidden_act": "gelu", "pad_token_id": 0},
        "vision_config": {"hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": layers,
                          "num_attention_heads": heads, "image_size": image, "patch_size": patch}})
    write_json(folder, "preprocessor_config.json", {
        "do_resize": True, "size": {"height": image, "width": image}, "resample": 3, "do_center_crop": False,
        "do_normalize": True, "image_mean": random_model.MEAN, "image_std": random_model.STD})
    safetensors_io.save(os.path.join(folder, "model.safetensors"), weights)
