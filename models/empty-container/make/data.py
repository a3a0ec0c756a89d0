"""What export.ts and items.ts wrote: areal densities and labels of whole scans, and things alone to put into them."""

import json
from pathlib import Path

import numpy as np

LOAD, UNSURE, CONTAINER, HARMLESS = 1, 2, 4, 8
# Mean areal density of load in a cell, g/cm2, from which on it is load, and below which it is nothing: as in labels.ts.
LOAD_FROM, NOTHING_BELOW = 0.7, 0.1
HARMLESS_FROM = 0.05
# Loads of about one to ten litres are what is hard and can be learned: how often they are put into a scan, against the others.
HARD_PIXELS, HARD_WEIGHT = (60, 700), 3.0


class Pictures:
    """Pictures of a folder, mapped, not read: `areal(i)`, g/cm2 [2, rows, columns]."""

    def __init__(self, folder, name):
        folder = Path(folder)
        self.facts = [json.loads(line) for line in (folder / f"{name}.ndjson").read_text().splitlines()]
        self._areal = np.memmap(folder / f"{name}.u16", np.uint16, "r")

    def __len__(self):
        return len(self.facts)

    def areal(self, i, left=0, right=None):
        facts = self.facts[i]
        rows, columns = facts["rows"], facts["columns"]
        at = facts["arealAt"]
        whole = self._areal[at : at + 2 * rows * columns].reshape(2, rows, columns)
        return (whole[:, :, left:right].astype(np.float32) - facts["zero"]) * facts["gCm2PerStep"]


class Scans(Pictures):
    """Scans with the free room of their container: `rooms[i]`, first and last column; labels by cell, in bits."""

    def __init__(self, folder):
        super().__init__(folder, "scans")
        self._labels = np.memmap(Path(folder) / "scans.u8", np.uint8, "r")
        self.rooms = []
        for i, facts in enumerate(self.facts):
            columns = np.flatnonzero((self.labels(i) & CONTAINER).any(0))
            self.rooms.append((2 * columns[0] + facts["front"], 2 * columns[-1] + 2 - facts["rear"]))

    def labels(self, i):
        facts = self.facts[i]
        rows, columns = facts["rows"] // 2, facts["columns"] // 2
        return self._labels[facts["labelsAt"] : facts["labelsAt"] + rows * columns].reshape(rows, columns)


class Items(Pictures):
    """Things alone; `loads` and `harmless` are their numbers, `odds` the chances of the loads."""

    def __init__(self, folder):
        super().__init__(folder, "items")
        self.loads = [i for i, facts in enumerate(self.facts) if facts["isLoad"]]
        self.harmless = [i for i, facts in enumerate(self.facts) if not facts["isLoad"]]
        pixels = np.array([(self.areal(i)[0] >= LOAD_FROM).sum() for i in self.loads])
        weights = np.where((pixels >= HARD_PIXELS[0]) & (pixels <= HARD_PIXELS[1]), HARD_WEIGHT, 1.0)
        self.odds = weights / weights.sum()


def place(scans, scan, items, item, rng):
    """Column and shift of rows at which an item fits into a scan's container; None where it does not."""
    facts, there = items.facts[item], scans.facts[scan]
    first, last = scans.rooms[scan]
    down = int(round(there["floor"] - facts["floor"]))
    if facts["anchored"]:
        if facts["reefer"] != ("reefer" in there["container"]):
            return None
        left = first + facts["front"] if facts["front"] < facts["rear"] else last - facts["rear"] - facts["columns"]
        return int(round(left)), down
    if facts["columns"] >= last - first:
        return None
    return int(rng.integers(int(first), int(last - facts["columns"]) + 1)), down


def centre(items, item, column, down, rng):
    """A point of a thing, in the scan it was placed in."""
    ys, xs = np.nonzero(items.areal(item)[0] > HARMLESS_FROM)
    if len(ys) == 0:
        return column, 240
    pick = rng.integers(0, len(ys))
    return column + xs[pick], down + ys[pick]


def put(areal, labels, top, left, items, item, at, rng):
    """Adds a thing to a crop whose corner is (top, left) of its scan, and to its labels."""
    column, down = at
    facts = items.facts[item]
    size = areal.shape[1]
    from_x, to_x = max(column, left), min(column + facts["columns"], left + size)
    from_y, to_y = max(down, top), min(down + facts["rows"], top + size)
    if from_x >= to_x or from_y >= to_y:
        return
    patch = items.areal(item, from_x - column, to_x - column)[:, from_y - down : to_y - down]
    if not facts["isLoad"] or rng.random() < 0.5:
        patch = patch * np.exp(rng.normal(0, 0.25))
    alone = np.zeros((size, size), np.float32)
    areal[:, from_y - top : to_y - top, from_x - left : to_x - left] += patch
    alone[from_y - top : to_y - top, from_x - left : to_x - left] = patch[0]
    cells = alone.reshape(size // 2, 2, size // 2, 2).mean((1, 3))
    if facts["isLoad"]:
        labels |= np.where(cells >= LOAD_FROM, LOAD, np.where(cells >= NOTHING_BELOW, UNSURE, 0)).astype(np.uint8)
    else:
        labels |= np.where(cells >= HARMLESS_FROM, HARMLESS, 0).astype(np.uint8)


def corner(scans, scan, targets, size, rng):
    """Top left of a crop: at a wanted place, at a load of the scan, else anywhere in or around the container."""
    labels = scans.labels(scan)
    rows, columns = 2 * labels.shape[0], 2 * labels.shape[1]
    chance = rng.random()
    if targets and chance < 0.7:
        x, y = targets[rng.integers(0, len(targets))]
    elif chance < 0.85 and (labels & LOAD).any():
        ys, xs = np.nonzero(labels & LOAD)
        pick = rng.integers(0, len(ys))
        x, y = 2 * xs[pick], 2 * ys[pick]
    elif chance < 0.93:
        first, last = scans.rooms[scan]
        x, y = rng.integers(int(first) - 80, int(last) + 80), rng.integers(100, rows)
    else:
        x, y = rng.integers(0, columns), rng.integers(0, rows)
    top = int(np.clip(y - rng.integers(20, size - 20), 0, rows - size)) // 2 * 2
    left = int(np.clip(x - rng.integers(20, size - 20), -40, max(0, columns - size) + 40)) // 2 * 2
    return top, left


def scene(scans, scan, items, size, rng):
    """A crop of a scan with things put into its container: areal densities [2, size, size], labels by cell."""
    things = list(rng.choice(items.harmless, rng.integers(0, 5)))
    if scans.facts[scan]["empty"] and rng.random() < 0.65:
        things += list(rng.choice(items.loads, 1 if rng.random() < 0.8 else 2, p=items.odds))
    placed = [(item, at) for item in things if (at := place(scans, scan, items, item, rng)) is not None]
    targets = [
        centre(items, item, column, down, rng)
        for item, (column, down) in placed
        if items.facts[item]["isLoad"] or rng.random() < 0.3
    ]
    top, left = corner(scans, scan, targets, size, rng)
    areal = np.zeros((2, size, size), np.float32)
    labels = np.zeros((size // 2, size // 2), np.uint8)
    from_x = max(0, left)
    part = scans.areal(scan, from_x, left + size)[:, top : top + size]
    areal[:, :, from_x - left : from_x - left + part.shape[2]] = part
    bits = scans.labels(scan)[top // 2 : (top + size) // 2, from_x // 2 : (left + size) // 2]
    labels[:, (from_x - left) // 2 : (from_x - left) // 2 + bits.shape[1]] = bits
    for item, at in placed:
        put(areal, labels, top, left, items, item, at, rng)
    return areal, labels


def disturb(areal, labels, rng):
    """What machines differ in beyond what was simulated: gain of elements, noise, balance of the planes; and mirrored."""
    rows = areal.shape[1]
    strength = np.exp(rng.uniform(np.log(0.005), np.log(0.25)))
    stripes = rng.normal(0, strength, (2, rows, 1)) * (rng.random((2, rows, 1)) < rng.choice([0.03, 1.0]))
    noise = np.exp(rng.uniform(np.log(0.003), np.log(0.12)))
    grown = noise * np.exp(np.clip(areal, 0, 120) * 0.025)
    areal = areal + stripes.astype(np.float32) + grown * rng.standard_normal(areal.shape, dtype=np.float32)
    areal[1] *= 1 + rng.normal(0, 0.01)
    areal *= 1 + rng.normal(0, 0.02)
    if rng.random() < 0.5:
        areal, labels = areal[:, :, ::-1], labels[:, ::-1]
    return np.ascontiguousarray(areal), np.ascontiguousarray(labels)
