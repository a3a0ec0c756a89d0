"""Derives ../tables/attenuation.json, cross-sections for X-rays of 1 to 40 keV, from xraylib.

    apt-get install libxrl11
    python3 models/physics/ore/make/attenuation.py

xraylib (T. Schoonjans et al., Spectrochimica Acta B 66 (2011) 776; BSD licence) is called through ctypes.
"""

import ctypes
import json
import pathlib

ELEMENTS = {
    "H": 1, "Be": 4, "C": 6, "N": 7, "O": 8, "F": 9, "Na": 11, "Mg": 12, "Al": 13, "Si": 14, "P": 15, "S": 16, "Cl": 17,
    "Ar": 18, "K": 19, "Ca": 20, "Ti": 22, "V": 23, "Cr": 24, "Mn": 25, "Fe": 26, "Co": 27, "Ni": 28, "Cu": 29, "Zn": 30,
    "As": 33, "Sr": 38, "Zr": 40, "Rh": 45, "Cd": 48, "Pb": 82,
}
SHELLS = (0, 1, 2, 3)
STEPS = 72
LOW, HIGH = 1.0, 40.0

xrl = ctypes.CDLL("libxrl.so.11")


def call(name, *args):
    function = getattr(xrl, name)
    function.restype = ctypes.c_double
    return function(*args, None)


def digits(value):
    return float(f"{value:.5g}")


def energies(z):
    grid = [LOW * (HIGH / LOW) ** (i / STEPS) for i in range(STEPS + 1)]
    for shell in SHELLS:
        edge = call("EdgeEnergy", z, ctypes.c_int(shell))
        if LOW < edge < HIGH:
            grid += [edge * (1 - 1e-5), edge * (1 + 1e-5)]
    return sorted(grid)


def element(z):
    at = energies(z)
    row = {"energiesKeV": [float(f"{e:.7g}") for e in at]}
    for name, function in (("photoelectric", "CS_Photo"), ("coherent", "CS_Rayl"), ("incoherent", "CS_Compt")):
        row[name] = [digits(call(function, z, ctypes.c_double(e))) for e in at]
    return row


rows = [f'    "{symbol}": {json.dumps(element(z))}' for symbol, z in ELEMENTS.items()]
text = (
    '{\n  "source": "xraylib 4.0.0 (BSD), Debian libxrl11, cm2/g, derived by models/physics/ore/make/attenuation.py",\n'
    '  "elements": {\n' + ",\n".join(rows) + "\n  }\n}\n"
)
pathlib.Path(__file__).parent.parent.joinpath("tables/attenuation.json").write_text(text)
