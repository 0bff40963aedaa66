"""Writes a Hugging Face CLIPModel folder: config, preprocessing, tokenizer, weights in F16."""
import json
import os
import struct

import numpy as np

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)


def write_safetensors(path, tensors):
    """Writes {name: array}: an 8-byte length, a JSON header padded to 8 bytes, then the data (docs/formats.md)."""
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    kinds = {"float16": "F16", "float32": "F32"}
    for name, array in tensors.items():
        header[name] = {"dtype": kinds[str(array.dtype)], "shape": list(array.shape), "data_offsets": [offset, offset + array.nbytes]}
        offset += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for array in tensors.values():
            file.write(np.ascontiguousarray(array).tobytes())


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header, data = json.loads(file.read(length)), file.read()
    kinds, tensors = {"F16": "<f2", "F32": "<f4"}, {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            tensors[name] = np.frombuffer(data[begin:end], kinds[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def tower_config(tower, model_type, **more):
    return {
        "model_type": model_type, "hidden_size": tower.hidden, "intermediate_size": tower.mlp, "num_hidden_layers": tower.layers,
        "num_attention_heads": tower.heads, "hidden_act": "gelu", "layer_norm_eps": 1e-05, "attention_dropout": 0.0, **more,
    }


def config(shape, tokenizer):
    return {
        "architectures": ["CLIPModel"], "model_type": "clip", "projection_dim": shape.projection, "logit_scale_init_value": 2.6592, "torch_dtype": "float16",
        "text_config": tower_config(
            shape.text, "clip_text_model", projection_dim=shape.projection, vocab_size=shape.vocabulary, max_position_embeddings=shape.length,
            bos_token_id=tokenizer.start, eos_token_id=tokenizer.end, pad_token_id=tokenizer.end),
        "vision_config": tower_config(
            shape.vision, "clip_vision_model", projection_dim=shape.projection, image_size=shape.image, patch_size=shape.patch, num_channels=3),
    }


def preprocessing(shape):
    side = shape.image
    return {
        "crop_size": {"height": side, "width": side}, "do_center_crop": True, "do_convert_rgb": True, "do_normalize": True,
        "do_rescale": True, "do_resize": True,
        "feature_extractor_type": "CLIPFeatureExtractor", "image_mean": list(MEAN), "image_std": list(STD), "resample": 3, "rescale_factor": 1 / 255,
        "size": {"shortest_edge": side},
    }


def save(folder, model, tokenizer):
    os.makedirs(folder, exist_ok=True)
    for name, value in (("config.json", config(model.shape, tokenizer)), ("preprocessor_config.json", preprocessing(model.shape))):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(value, file, indent=2)
            file.write("\n")
    tokenizer.save(folder)
    weights = {name: value.detach().half().numpy() for name, value in sorted(model.state_dict().items())}
    write_safetensors(os.path.join(folder, "model.safetensors"), weights)
