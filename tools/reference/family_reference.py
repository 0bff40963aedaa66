"""SigLIP, Chinese-CLIP and open_clip's preprocessing of pictures in plain PyTorch, f32, beside clip_reference.py.

Written from the papers (Zhai et al. 2023, "Sigmoid Loss for Language Image Pre-Training"; Yang et al. 2022, "Chinese
CLIP") and the layouts of SiglipModel and ChineseCLIPModel files; docs/parity.md describes how they were checked.
"""
import torch
from PIL import Image
from torchvision import transforms

import clip_reference
from clip_reference import activation

functional = torch.nn.functional


class OpenClip(clip_reference.Model):
    """A CLIPModel folder whose pictures are preprocessed with torchvision, as open_clip and openai/CLIP do."""

    def pixels(self, path):
        side = self.preprocessor["crop_size"]["height"]
        steps = [transforms.Resize(side, interpolation=transforms.InterpolationMode.BICUBIC),
                 transforms.CenterCrop(side), transforms.ToTensor(),
                 transforms.Normalize(self.preprocessor["image_mean"], self.preprocessor["image_std"])]
        return transforms.Compose(steps)(Image.open(path).convert("RGB"))


class Siglip(clip_reference.Model):
    def __init__(self, folder):
        super().__init__(folder)
        for tower in ("text_config", "vision_config"):
            self.config[tower].setdefault("layer_norm_eps", 1e-6)
            self.config[tower].setdefault("hidden_act", "gelu_pytorch_tanh")

    @torch.no_grad()
    def text_feature(self, ids):
        """The feature of ids that fill the context, padding included: attention covers all, the last position is read."""
        config = self.config["text_config"]
        embeddings = "text_model.embeddings."
        x = self.weights[embeddings + "token_embedding.weight"][ids]
        x = (x + self.weights[embeddings + "position_embedding.weight"])[None]
        x = self.transformer(x, "text_model", config, causal=False)
        x = self.norm(x, "text_model.final_layer_norm", config)
        feature = self.linear(x[0, -1], "text_model.head")
        return feature / feature.norm()

    @torch.no_grad()
    def image_feature(self, pixels):
        config = self.config["vision_config"]
        embeddings, head = "vision_model.embeddings.", "vision_model.head."
        x = functional.conv2d(pixels[None], self.weights[embeddings + "patch_embedding.weight"],
                              self.weights[embeddings + "patch_embedding.bias"], stride=config["patch_size"])
        x = x.flatten(2).transpose(1, 2) + self.weights[embeddings + "position_embedding.weight"]
        x = self.norm(self.transformer(x, "vision_model", config, causal=False), "vision_model.post_layernorm", config)
        pool = torch.nn.MultiheadAttention(x.shape[-1], config["num_attention_heads"], batch_first=True)
        pool.load_state_dict({name: self.weights[head + "attention." + name] for name in pool.state_dict()})
        y = pool(self.weights[head + "probe"], x, x, need_weights=False)[0]
        hidden = activation(config["hidden_act"])(
            self.linear(self.norm(y, head + "layernorm", config), head + "mlp.fc1"))
        feature = (y + self.linear(hidden, head + "mlp.fc2"))[0, 0]
        return feature / feature.norm()


class ChineseClip(clip_reference.Model):
    @torch.no_grad()
    def text_feature(self, ids):
        """The feature of ids without padding, which has no effect because the published code masks it."""
        config = self.config["text_config"]
        embeddings = "text_model.embeddings."
        x = self.weights[embeddings + "word_embeddings.weight"][ids]
        x = x + self.weights[embeddings + "position_embeddings.weight"][:len(ids)]
        x = x + self.weights[embeddings + "token_type_embeddings.weight"][0]
        x = self.norm(x, embeddings + "LayerNorm", config)[None]
        for i in range(config["num_hidden_layers"]):
            x = self.bert_layer(x, f"text_model.encoder.layer.{i}.", config)
        feature = self.linear(x[0, 0], "text_projection")
        return feature / feature.norm()

    def bert_layer(self, x, layer, config):
        batch, tokens, width = x.shape
        heads = config["num_attention_heads"]
        q, k, v = (self.linear(x, f"{layer}attention.self.{part}").view(batch, tokens, heads, -1).transpose(1, 2)
                   for part in ("query", "key", "value"))
        weights = (q @ k.transpose(2, 3) * (width // heads) ** -0.5).softmax(dim=-1)
        mixed = self.linear((weights @ v).transpose(1, 2).reshape(x.shape), layer + "attention.output.dense")
        x = self.norm(x + mixed, layer + "attention.output.LayerNorm", config)
        hidden = functional.gelu(self.linear(x, layer + "intermediate.dense"))
        return self.norm(x + self.linear(hidden, layer + "output.dense"), layer + "output.LayerNorm", config)
