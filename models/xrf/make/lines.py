"""Derives ../tables/lines.json, the X-ray lines, edges and yields of the elements, from xraylib.

    apt-get install libxrl11 libxrl-dev
    python3 models/xrf/make/lines.py

xraylib (T. Schoonjans et al., Spectrochimica Acta B 66 (2011) 776; BSD licence) is called through ctypes; its header
names the lines.
"""

import ctypes
import json
import pathlib
import re

HEADER = "/usr/include/xraylib/xraylib-lines.h"
SHELLS = {"K": 0, "L1": 1, "L2": 2, "L3": 3, "M3": 6, "M4": 7, "M5": 8}
TRANSITIONS = {"f12": 1, "f13": 2, "f23": 4}
SYMBOLS = (
    "Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd "
    "In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn "
    "Fr Ra Ac Th Pa U"
).split()
LEAST_RATE = 0.002
LEAST_KEV = 0.8

xrl = ctypes.CDLL("libxrl.so.11")


def call(name, *args):
    """A function of xraylib; None where it has no value."""
    function = getattr(xrl, name)
    function.restype = ctypes.c_double
    value = function(*args, None)
    return value if value > 0 else None


def digits(value, count=5):
    return None if value is None else float(f"{value:.{count}g}")


def line_numbers():
    """Lines between two single shells, by IUPAC name."""
    text = pathlib.Path(HEADER).read_text()
    found = re.findall(r"#define ((K|L[123]|M[345])([LMNO]\d?))_LINE (-\d+)", text)
    return [(name, shell, int(number)) for name, shell, _, number in found]


def element(z, numbers):
    edges, lines = {}, []
    for shell, number in SHELLS.items():
        edge, jump, yielded = (call(name, z, number) for name in ("EdgeEnergy", "JumpFactor", "FluorYield"))
        if edge and edge > LEAST_KEV and yielded and (jump or shell.startswith("M")):
            edges[shell] = [digits(edge), digits(jump or 1.5), digits(yielded)]
    for name, shell, number in numbers:
        energy, rate = call("LineEnergy", z, number), call("RadRate", z, number)
        if shell in edges and energy and rate and energy > LEAST_KEV and rate > LEAST_RATE:
            lines.append([name, shell, digits(energy), digits(rate, 4)])
    coster = {name: digits(call("CosKronTransProb", z, number) or 0, 4) for name, number in TRANSITIONS.items()}
    return {"z": z, "weight": digits(call("AtomicWeight", z)), "edges": edges, "costerKronig": coster, "lines": lines}


def main():
    numbers = line_numbers()
    rows = [f'    "{symbol}": {json.dumps(element(z, numbers))}' for z, symbol in enumerate(SYMBOLS, 10)]
    source = "xraylib 4.0.0 (BSD), Debian libxrl11, derived by models/xrf/make/lines.py"
    units = "keV; an edge has its energy, jump factor and fluorescence yield; a line its shell, energy and share of that shell's radiative decays"
    text = f'{{\n  "source": "{source}",\n  "units": "{units}",\n  "elements": {{\n' + ",\n".join(rows) + "\n  }\n}\n"
    pathlib.Path(__file__).parent.parent.joinpath("tables/lines.json").write_text(text)


main()
