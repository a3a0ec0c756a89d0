"""What export.ts wrote: areal densities and labels of whole scans, and crops of them with some of what differs between machines."""

import json
from pathlib import Path

import numpy as np

LOAD, UNSURE, CONTAINER, HARMLESS = 1, 2, 4, 8
CROP = 320


class Scans:
    """Scans of a folder, mapped, not read. `areal(i)`: g/cm2 [2, rows, columns]; `cells(i)`: bits [rows/2, columns/2]."""

    def __init__(self, folder):
        folder = Path(folder)
        lines = (folder / "index.ndjson").read_text().splitlines()
        self.scans = [json.loads(line) for line in lines]
        first = self.scans[0]
        self.rows, self.step, self.zero = first["rows"], first["gCm2PerStep"], first["zero"]
        self.materials = json.loads((folder / "materials.json").read_text())
        self._areal = np.memmap(folder / "areal.u16", np.uint16, "r")
        self._cells = np.memmap(folder / "cells.u8", np.uint8, "r")

    def __len__(self):
        return len(self.scans)

    def areal(self, i, x=0, columns=None):
        scan = self.scans[i]
        columns = columns or scan["columns"]
        at = scan["arealAt"]
        whole = self._areal[at : at + 2 * self.rows * scan["columns"]].reshape(2, self.rows, scan["columns"])
        return (whole[:, :, x : x + columns].astype(np.float32) - self.zero) * self.step

    def cells(self, i):
        scan = self.scans[i]
        at = scan["cellsAt"]
        rows, columns = self.rows // 2, scan["columns"] // 2
        return self._cells[at : at + rows * columns].reshape(rows, columns)


def crop(scans, i, rng):
    """A square of a scan, more often than not where its load or its container is."""
    cells = scans.cells(i)
    rows, columns = cells.shape
    side = CROP // 2
    wanted = LOAD if rng.random() < 0.6 and (cells & LOAD).any() else CONTAINER
    ys, xs = np.nonzero(cells & wanted)
    if len(ys) == 0 or rng.random() < 0.15:
        y, x = rng.integers(0, rows), rng.integers(0, columns)
    else:
        pick = rng.integers(0, len(ys))
        y, x = ys[pick], xs[pick]
    top = int(np.clip(y - rng.integers(10, side - 10), 0, rows - side))
    left = int(np.clip(x - rng.integers(10, side - 10), 0, max(0, columns - side)))
    areal = np.zeros((2, CROP, CROP), np.float32)
    labels = np.zeros((side, side), np.uint8)
    part = scans.areal(i, 2 * left, CROP)[:, 2 * top : 2 * top + CROP]
    areal[:, :, : part.shape[2]] = part
    bits = cells[top : top + side, left : left + side]
    labels[:, : bits.shape[1]] = bits
    return areal, labels


def shape(rng, size):
    """Thickness, 0..1, of a body on a square of `size` pixels: ellipse, box or several of them."""
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j]
    aspect = np.exp(rng.normal(0, 0.4))
    a, b = min(1.0, aspect), min(1.0, 1 / aspect)
    turn = rng.uniform(0, np.pi) if rng.random() < 0.3 else 0.0
    u, v = (x * np.cos(turn) + y * np.sin(turn)) / a, (y * np.cos(turn) - x * np.sin(turn)) / b
    kind = rng.integers(0, 4)
    if kind == 0:
        return np.sqrt(np.clip(1 - u**2 - v**2, 0, 1))
    if kind == 1:
        return ((np.abs(u) < 1) & (np.abs(v) < 1)).astype(np.float32)
    if kind == 2:
        return np.sqrt(np.clip(1 - u**2, 0, 1)) * (np.abs(v) < 1)
    soft = np.clip(1.2 - np.sqrt(u**2 + v**2), 0, 1) * (0.6 + 0.4 * rng.random((size, size)))
    return soft


def insert_load(areal, labels, materials, rng):
    """Adds a small load inside the container: what attenuates adds up, so areal densities do."""
    inside = (labels & CONTAINER) > 0
    columns = np.flatnonzero(inside.any(0))
    if len(columns) < 8:
        return
    side_mm = np.exp(rng.uniform(np.log(60), np.log(500)))
    size = max(4, int(round(side_mm / 10)))
    if size >= CROP // 2:
        return
    column = rng.choice(columns)
    rows = np.flatnonzero(inside[:, column])
    bottom = rows[-1] if rng.random() < 0.6 else rng.choice(rows)
    top, left = 2 * int(bottom) + 2 - size, 2 * int(column) - size // 2
    if top < 0 or left < 0 or top + size > CROP or left + size > CROP:
        return
    material = materials[rng.integers(0, len(materials))]
    fill = np.exp(rng.uniform(np.log(0.15), np.log(1.0)))
    g_cm2 = side_mm / 10 * material["densityGCm3"] * fill * np.exp(rng.normal(0, 0.2))
    thickness = shape(rng, size).astype(np.float32) * min(g_cm2, 150.0)
    areal[0, top : top + size, left : left + size] += thickness * material["high"]
    areal[1, top : top + size, left : left + size] += thickness * material["low"]
    cut = thickness[: size // 2 * 2, : size // 2 * 2]
    mean = cut.reshape(size // 2, 2, size // 2, 2).mean((1, 3)) * material["high"]
    place = labels[top // 2 : top // 2 + size // 2, left // 2 : left // 2 + size // 2]
    here = inside[top // 2 : top // 2 + size // 2, left // 2 : left // 2 + size // 2]
    mean = mean[: place.shape[0], : place.shape[1]]
    place |= np.where(mean > 0.7, LOAD, np.where(mean > 0.1, UNSURE, 0)).astype(np.uint8) * here


def disturb(areal, rng):
    """What machines differ in beyond what was simulated: gain of elements, noise, balance of the planes."""
    rows = areal.shape[1]
    strength = np.exp(rng.uniform(np.log(0.01), np.log(0.25)))
    stripes = rng.normal(0, strength, (2, rows, 1)) * (rng.random((2, rows, 1)) < rng.choice([0.05, 1.0]))
    areal += stripes.astype(np.float32)
    noise = np.exp(rng.uniform(np.log(0.005), np.log(0.15)))
    grown = noise * np.exp(np.clip(areal, 0, 120) * 0.025)
    areal += grown * rng.standard_normal(areal.shape, dtype=np.float32)
    areal[1] *= 1 + rng.normal(0, 0.01)
    areal *= 1 + rng.normal(0, 0.02)
    if rng.random() < 0.5:
        areal = areal[:, :, ::-1]
    return areal
