#!/usr/bin/python3
"""Trains the bundled model on pictures drawn while it trains.

    tools/model/train.py --out models/tiny

A run has a fixed seed. A stopped run continues from its last checkpoint. See README.md for packages and duration.
"""
import argparse
import copy
import ctypes
import functools
import json
import math
import os
import random
import time

import torch
import torch.multiprocessing as mp
import torch.nn.functional as F

import bpe
import clip_model
import export
import muon
import scenes
import tiles
from teacher import Teacher

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_THRESHOLD = -1, -2, -3  # of malloc.h
SOURCE_WEIGHTS = {"noto": 3, "twemoji": 2}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True, help="folder of the finished model")
    parser.add_argument("--work", default="/tmp/clipseek-model", help="folder of tiles and checkpoints")
    parser.add_argument("--minutes", type=float, default=60, help="duration of the training; the learning rate falls to zero over it")
    parser.add_argument("--steps", type=int, default=0, help="train for this many steps instead (the same result on every run)")
    parser.add_argument("--batch", type=int, default=192)
    parser.add_argument("--rate", type=float, default=0.02, help="learning rate of the matrices; that of all other parameters is a tenth of it")
    parser.add_argument("--image", type=int, default=72)
    parser.add_argument("--first-image", type=int, default=48, help="side of the pictures in the first part of the training")
    parser.add_argument("--first-share", type=float, default=0.83, help="share of that first part")
    parser.add_argument("--patch", type=int, default=12)
    parser.add_argument("--vision", default="224x5x7", help="width x layers x heads")
    parser.add_argument("--text", default="160x3x5")
    parser.add_argument("--merges", type=int, default=3000)
    parser.add_argument("--workers", type=int, default=2, help="processes, one per core; the result depends on it, because the batch is divided among them")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--snapshot", action="store_true", help="only export the weights of the last checkpoint, also during a training")
    return parser.parse_args()


def tower(text):
    hidden, layers, heads = map(int, text.split("x"))
    return clip_model.Tower(hidden, layers, heads, 4 * hidden)


def make_tokenizer(author, merges):
    """Trains BPE on captions like those of the training, which contain every name and keyword."""
    rng, texts = random.Random(0), []
    for thing in author.stock.things:
        texts += [thing.en, thing.zh] * 4 + thing.en_words + thing.zh_words
    for _ in range(12000):
        for scene in (author.single(rng.randrange(len(author.stock.things))), *author.pair(), author.whole(rng.randrange(len(author.stock.pages)))):
            texts += [scene.en, scene.zh]
    return bpe.Tokenizer(bpe.train(texts, merges))


def saved_tokenizer(args, stock):
    """The tokenizer that an earlier run saved in the same folder, else a new one."""
    if not os.path.exists(os.path.join(args.work, "merges.txt")):
        make_tokenizer(scenes.Author(stock, random.Random(args.seed)), args.merges).save(args.work)
    return bpe.Tokenizer.load(args.work)


def contrast(images, texts, scale, true):
    """The symmetric contrastive loss; other true captions are excluded from it."""
    others = true & ~torch.eye(len(true), dtype=torch.bool)
    logits = (scale * images @ texts.T).masked_fill(others, -1e4)
    target = torch.arange(len(true))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2


class Prototypes(torch.nn.Module):
    """One learned vector for each thing. Pictures and names are classified by these vectors among all things, of which a batch has only some."""

    def __init__(self, count, width):
        super().__init__()
        self.vectors = torch.nn.Parameter(0.05 * torch.randn(count, width))

    def forward(self, features, things, scale):
        known = things >= 0
        return F.cross_entropy(scale * features[known] @ F.normalize(self.vectors, dim=-1).T, things[known], label_smoothing=0.05)


def loss_of(model, prototypes, batch):
    with torch.autocast("cpu", torch.bfloat16):
        images = model.image(batch["pixels"])
        texts = [(rows, torch.cat([model.text(*part) for part in parts])[back]) for rows, parts, back in batch["texts"]]
    scale = model.logit_scale.exp()
    loss, helped = 0.0, prototypes(images, batch["thing"], 20.0)
    weights = sum(len(rows) for rows, _ in texts)
    for rows, text in texts:
        share = len(rows) / weights
        loss = loss + share * contrast(images[rows], text, scale, batch["true"][rows][:, rows])
        helped = helped + 0.5 * share * prototypes(text, batch["thing"][rows], 20.0)
    return loss, helped


class Optimizers:
    """Muon for the matrices of the layers, Adam for the rest."""

    def __init__(self, model, prototypes):
        inner = [p for name, p in model.named_parameters() if p.ndim == 2 and ".layers." in name]
        ids = {id(p) for p in inner}
        rest = [p for p in [*model.parameters(), *prototypes.parameters()] if id(p) not in ids]
        self.parts = [(muon.Muon(inner, 0.0, weight_decay=0.02), 1.0),
                      (torch.optim.AdamW(rest, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.0, foreach=True), 0.1)]

    def step(self, rate, share):
        for optimizer, part in self.parts:
            for group in optimizer.param_groups:
                group["lr"] = rate * part
        self.parts[0][0].step(share)
        self.parts[1][0].step()

    def zero_grad(self):
        for optimizer, _ in self.parts:
            optimizer.zero_grad(set_to_none=True)

    def state_dict(self):
        return [optimizer.state_dict() for optimizer, _ in self.parts]

    def load_state_dict(self, states):
        for (optimizer, _), state in zip(self.parts, states):
            optimizer.load_state_dict(state)


def progress(args, step, spent):
    return step / args.steps if args.steps else spent / (args.minutes * 60)


def rate_at(done, step, peak):
    """The learning rate: it rises over 100 steps, is constant, and falls to zero over the last 40%."""
    return peak * min(1.0, (step + 1) / 100) * min(1.0, (1 - done) / 0.4)


class Link:
    """State that the worker processes share: the sum of their gradients, and the progress of the training."""

    def __init__(self, workers, size):
        self.gradients = torch.zeros(workers, size).share_memory_()
        self.done = torch.zeros(1, dtype=torch.float64).share_memory_()
        self.barrier = mp.get_context("spawn").Barrier(workers)

    def average(self, rank, parameters):
        """Replaces each parameter's gradient by the mean over the workers, which is the same in all of them."""
        self.gradients[rank].copy_(torch.cat([p.grad.reshape(-1) for p in parameters]))
        self.barrier.wait()
        mean, at = self.gradients.mean(0), 0
        for p in parameters:
            p.grad.copy_(mean[at : at + p.numel()].view_as(p))
            at += p.numel()
        self.barrier.wait()


    def share(self, rank, make, matrices):
        """Computes make(matrix) for each matrix, divided among the workers; every worker gets all results."""
        workers, at, places = len(self.gradients), 0, []
        for number, matrix in enumerate(matrices):
            place = self.gradients[0, at : at + matrix.numel()].view_as(matrix)
            if number % workers == rank:
                place.copy_(make(matrix))
            places.append(place)
            at += matrix.numel()
        self.barrier.wait()
        results = [place.clone() for place in places]
        self.barrier.wait()
        return results


class Run:
    """The training in one worker: all workers have the same weights and different pictures."""

    def __init__(self, args, rank, link, model, prototypes, teacher):
        self.args, self.rank, self.link, self.teacher = args, rank, link, teacher
        self.model, self.prototypes, self.average = model, prototypes, copy.deepcopy(model)
        self.parameters = [*model.parameters(), *prototypes.parameters()]
        self.optimizer = Optimizers(model, prototypes)
        self.path = os.path.join(args.work, "checkpoint.pt")
        self.step, self.spent, self.seen, self.shown = 0, 0.0, 0, [0.0, 0.0]
        if os.path.exists(self.path):
            self.resume()

    def shared_progress(self):
        if self.rank == 0:
            self.link.done[0] = progress(self.args, self.step, self.spent)
        self.link.barrier.wait()
        return float(self.link.done)

    def train(self):
        while (done := self.shared_progress()) < 1:
            began = time.time()
            batch = self.teacher.next(self.step * self.args.workers + self.rank, self.args.first_image if done < self.args.first_share else self.args.image)
            loss, helped = loss_of(self.model, self.prototypes, batch)
            self.optimizer.zero_grad()
            (loss + 0.5 * helped).backward()
            self.link.average(self.rank, self.parameters)
            torch.nn.utils.clip_grad_norm_(self.parameters, 2.0)
            self.optimizer.step(rate_at(done, self.step, self.args.rate), functools.partial(self.link.share, self.rank))
            self.update_average()
            self.step += 1
            self.spent += min(time.time() - began, 20.0)  # a pause of the machine does not count as training
            if self.rank == 0:
                self.report(float(loss), float(helped))

    @torch.no_grad()
    def update_average(self):
        """Updates the running mean of the weights, which is exported."""
        self.model.logit_scale.clamp_(0, math.log(100))
        keep = min(0.995, (self.step + 1) / (self.step + 10))
        torch._foreach_mul_(list(self.average.parameters()), keep)
        torch._foreach_add_(list(self.average.parameters()), list(self.model.parameters()), alpha=1 - keep)

    def report(self, loss, helped):
        self.seen += 1
        self.shown = [0.98 * self.shown[0] + 0.02 * loss, 0.98 * self.shown[1] + 0.02 * helped]
        if self.step % 20 == 0:
            scale = 1 - 0.98**self.seen
            print(f"step {self.step} {self.spent / 60:.1f} min loss {self.shown[0] / scale:.3f} names {self.shown[1] / scale:.3f} "
                  f"scale {float(self.model.logit_scale.exp()):.1f}", flush=True)
        if self.step % 100 == 0:
            self.save()

    def save(self):
        state = {"model": self.model.state_dict(), "prototypes": self.prototypes.state_dict(), "average": self.average.state_dict(),
                 "optimizer": self.optimizer.state_dict(), "step": self.step, "spent": self.spent}
        torch.save(state, self.path + ".part")
        os.replace(self.path + ".part", self.path)

    def resume(self):
        state = torch.load(self.path)
        for part in ("model", "prototypes", "average", "optimizer"):
            getattr(self, part).load_state_dict(state[part])
        self.step, self.spent = state["step"], state["spent"]
        if self.rank == 0:
            print(f"continuing from step {self.step}", flush=True)


def keep_freed_memory():
    """Makes glibc keep freed memory: every step frees and allocates the same hundreds of megabytes, and new pages cost a tenth of the time."""
    libc = ctypes.CDLL(None)
    for option, value in ((M_MMAP_THRESHOLD, 1 << 30), (M_TRIM_THRESHOLD, 2**31 - 1), (M_TOP_PAD, 1 << 28)):
        libc.mallopt(option, value)


def work(rank, args, link):
    keep_freed_memory()
    torch.set_num_threads(1)  # one process per core scales better than OpenMP's threads for such small products
    torch.manual_seed(args.seed)
    stock = prepared_stock(args)
    tokenizer = bpe.Tokenizer.load(args.work)
    model, prototypes = make_model(args, stock, tokenizer)
    teacher = Teacher(stock, tokenizer, model.shape, args.batch // args.workers, args.seed)
    run = Run(args, rank, link, model, prototypes, teacher)
    link.barrier.wait()
    run.train()
    if rank == 0:
        run.save()
        export.save(args.out, run.average, tokenizer)
        print(f"written to {args.out}", flush=True)


def prepared_stock(args):
    stock = tiles.Stock(args.work)
    stock.prefer(SOURCE_WEIGHTS)
    return stock


def make_model(args, stock, tokenizer):
    shape = clip_model.Shape(args.image, args.patch, tower(args.vision), tower(args.text), len(tokenizer.vocabulary))
    return clip_model.Clip(shape), Prototypes(len(stock.things), shape.projection)


def main():
    args = arguments()
    torch.set_num_threads(args.workers)
    stock = prepared_stock(args)
    parts = make_model(args, stock, saved_tokenizer(args, stock))
    if args.snapshot:
        parts[0].load_state_dict(torch.load(os.path.join(args.work, "checkpoint.pt"))["average"])
        export.save(args.out, parts[0], bpe.Tokenizer.load(args.work))
        return
    size = sum(p.numel() for part in parts for p in part.parameters())
    print(f"{sum(p.numel() for p in parts[0].parameters())} parameters", json.dumps(parts[0].shape.as_dict()), flush=True)
    mp.spawn(work, (args, Link(args.workers, size)), nprocs=args.workers)


if __name__ == "__main__":
    main()
