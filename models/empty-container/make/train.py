"""Trains the network on what export.ts and items.ts wrote.

  OMP_NUM_THREADS=1 python3 train.py DATA OUT [--minutes 25] [--planes 2] [--seed 1] [--start CHECKPOINT]

Writes OUT/last.pt (a checkpoint every two minutes), OUT/log.ndjson and, at the end, OUT/model.onnx.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from data import CONTAINER, HARMLESS, LOAD, UNSURE, Items, Scans, disturb, scene
from network import EmptyContainer

# Crops are small at first, for more of them; the last ones are as wide as the tiles that the network will see.
SMALL, SMALL_SHARE = 192, 0.8
LARGE = 320
# From 16 on PyTorch 1.13 gives all convolutions to oneDNN on one thread; fewer make those of 1 by 1 ten times slower.
BATCH = 16
AVERAGE = 0.998
# Cargo is learned first: what is hard are small loads in containers that were empty.
LOADED_SHARE = 0.15


def sample(scans, items, groups, size, rng):
    """One crop: some of loaded containers; into empty ones things are put, loads into more than half of them."""
    group = groups[rng.random() < LOADED_SHARE]
    areal, labels = scene(scans, group[rng.integers(0, len(group))], items, size, rng)
    return disturb(areal, labels, rng)


def losses(logits, labels):
    load, unsure = (labels & LOAD) > 0, (labels & UNSURE) > 0
    sure = (~unsure | load).float()
    target = load.float()
    cell = F.binary_cross_entropy_with_logits(logits[:, 0], target, reduction="none") * sure
    cell = cell.sum() / sure.sum()
    probability = torch.sigmoid(logits[:, 0]) * sure
    dice = 1 - (2 * (probability * target).sum((1, 2)) + 20) / ((probability + target * sure).sum((1, 2)) + 20)
    # What a scan is judged by is its most suspicious spot: so that is trained too.
    smooth = F.avg_pool2d(logits[:, :1], 3, 1, 1)[:, 0]
    spot = torch.where(unsure & ~load, torch.full_like(smooth, -30.0), smooth).flatten(1).max(1).values
    any_load = target.flatten(1).max(1).values
    known = ((any_load > 0) | ~unsure.flatten(1).any(1)).float()
    worst = (F.binary_cross_entropy_with_logits(spot, any_load, reduction="none") * known).sum() / known.sum().clamp(min=1)
    harmless = F.binary_cross_entropy_with_logits(logits[:, 1], ((labels & HARMLESS) > 0).float())
    container = F.binary_cross_entropy_with_logits(logits[:, 2], ((labels & CONTAINER) > 0).float())
    total = 2 * cell + 0.5 * dice.mean() + 0.5 * worst + 0.3 * harmless + 0.3 * container
    return total, {"cell": cell, "dice": dice.mean(), "worst": worst, "harmless": harmless, "container": container}


def fitting(state, network):
    """A checkpoint for a network that may see fewer planes: what the high one alone gives comes first."""
    own = network.state_dict()
    return {name: value[:, : own[name].shape[1]] if value.dim() == 4 else value for name, value in state.items()}


def export(network, path, rows, columns):
    network.eval()
    torch.onnx.export(
        network,
        torch.zeros(1, 2, rows, columns),
        str(path),
        opset_version=17,
        input_names=["areal"],
        output_names=["logits"],
        dynamic_axes={"areal": {0: "tiles"}, "logits": {0: "tiles"}},
    )


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--planes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--start")
    call = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(call.seed)
    rng = np.random.default_rng(call.seed)
    out = Path(call.out)
    out.mkdir(parents=True, exist_ok=True)
    scans, items = Scans(call.data), Items(call.data)
    groups = {
        loaded: [i for i, facts in enumerate(scans.facts) if facts["empty"] != loaded] for loaded in (False, True)
    }
    network = EmptyContainer(call.planes)
    if call.start:
        network.load_state_dict(fitting(torch.load(call.start), network))
    average = EmptyContainer(call.planes)
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=call.rate, weight_decay=1e-3)
    began = saved = time.time()
    step, means = 0, {}
    log = (out / "log.ndjson").open("a")
    while (share := (time.time() - began) / (call.minutes * 60)) < 1:
        # The schedule goes by time, so that a slower machine ends it too.
        warm = min(1.0, step / 100)
        for group in optimizer.param_groups:
            group["lr"] = call.rate * warm * 0.5 * (1 + np.cos(np.pi * share)) + 1e-5
        size = SMALL if share < SMALL_SHARE else LARGE
        batch = [sample(scans, items, groups, size, rng) for _ in range(BATCH)]
        areal = torch.from_numpy(np.stack([a for a, _ in batch]))
        labels = torch.from_numpy(np.stack([b for _, b in batch]))
        network.train()
        total, parts = losses(network(areal), labels)
        optimizer.zero_grad(set_to_none=True)
        total.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
        optimizer.step()
        decay = min(AVERAGE, step / (step + 20))
        with torch.no_grad():
            for kept, now in zip(average.state_dict().values(), network.state_dict().values()):
                if kept.dtype.is_floating_point:
                    kept.mul_(decay).add_(now, alpha=1 - decay)
                else:
                    kept.copy_(now)
        step += 1
        for name, value in {"total": total, **parts}.items():
            means[name] = 0.98 * means.get(name, float(value)) + 0.02 * float(value)
        if step % 50 == 0:
            row = {"step": step, "minutes": (time.time() - began) / 60, **{k: round(v, 5) for k, v in means.items()}}
            print(json.dumps(row), file=log, flush=True)
        if time.time() - saved > 120:
            saved = time.time()
            torch.save(average.state_dict(), out / "last.pt")
    torch.save(average.state_dict(), out / "last.pt")
    export(average, out / "model.onnx", 480, 320)


if __name__ == "__main__":
    main()
