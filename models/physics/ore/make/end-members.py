"""Reflectances of the minerals that ore and foreign bodies are mixed of, from the USGS library.

    python3 models/physics/ore/make/end-members.py USGS_JSON

USGS_JSON: splib06a convolved to AVIRIS 2018 (public domain), as `wavelength_nm` and `spectra` (`name`, `r`).
Writes tables/end-members.json: reflectance at every 10 nm by linear interpolation, four digits.
"""

import json
import sys
from pathlib import Path

chosen = {
    "hematite fine": "Hematite GDS69.g <10um s06av18a_b",
    "hematite medium": "Hematite GDS69.e 20-30um s06av18a_b",
    "hematite coarse": "Hematite GDS69.b 104-150u s06av18a_b",
    "hematite specular": "Hematite HS45.3 s06av18a_b",
    "hematite red": "Hematite GDS27 s06av18a_a",
    "goethite medium": "Goethite WS222 Medium Gr. s06av18a_a",
    "goethite fine": "Goethite MPCMA2-B FineGr adj s06av18a_b",
    "goethite dark": "Goethite GDS134 s06av18a_b",
    "goethite yellow": "Goethite HS36.3 s06av18a_b",
    "limonite": "Limonite HS41.3 s06av18a_b",
    "magnetite": "Magnetite HS195.3B s06av18a_b",
    "magnetite dark": "Magnetite HS78.3B s06av18a_b",
    "maghemite": "Maghemite GDS81 Syn (M-3) s06av18a_b",
    "quartz": "Quartz GDS31 0-74um fr s06av18a_a",
    "quartz sand": "Quartz GDS74 Sand Ottawa s06av18a_c",
    "kaolinite": "Kaolinite CM9 s06av18a_b",
    "kaolinite ordered": "Kaolinite KGa-1 (wxl) s06av18a_b",
    "gibbsite": "Gibbsite HS423.3B s06av18a_b",
    "chlorite": "Chlorite SMR-13.c 45-60um s06av18a_a",
    "calcite": "Calcite WS272 s06av18a_a",
    "gypsum": "Gypsum SU2202 s06av18a_a",
    "pyrite": "Pyrite S29-4 s06av18a_c",
    "muscovite": "Muscovite GDS107 s06av18a_a",
    "timber": "Wood_Beam GDS363 Nw Pine 2X4 s06av18a_a",
    "timber weathered": "Cedar_Shake GDS359 MedWeathr s06av18a_a",
    "plastic blue": "Plastic_Tarp GDS340 Blu_Wovn s06av18a_a",
    "plastic white": "Plastic_HDPE GDS384 Wht Opaq s06av18a_a",
    "rubber": "Plastic_HDPE GDS351 BlkSheet s06av18a_a",
    "brick": "Brick GDS349 Paving Red s06av18a_a",
    "concrete": "Concrete GDS375 Lt Gry Road s06av18a_a",
    "steel": "GalvanizedSheetMetal GDS334 s06av18a_a",
}

axis = list(range(400, 2450, 10))
library = json.load(open(sys.argv[1]))
order = sorted(range(len(library["wavelength_nm"])), key=library["wavelength_nm"].__getitem__)
nm = [library["wavelength_nm"][i] for i in order]


def at(values, place):
    high = next(i for i, x in enumerate(nm) if x >= place)
    low = high - 1
    share = (place - nm[low]) / (nm[high] - nm[low]) if nm[high] > nm[low] else 0
    return values[low] + share * (values[high] - values[low])


rows = {}
for name, source in chosen.items():
    found = next(s for s in library["spectra"] if s["name"] == source)
    values = [found["r"][i] for i in order]
    # The library marks channels without a value by large negative numbers: they are bridged.
    good = [i for i, v in enumerate(values) if 0 < v < 1.5]
    for i in range(len(values)):
        if i not in good:
            values[i] = values[min(good, key=lambda g: abs(g - i))]
    rows[name] = {"sample": source, "reflectance": [round(max(0.002, at(values, w)), 4) for w in axis]}

out = Path(__file__).parent.parent / "tables" / "end-members.json"
with open(out, "w") as file:
    file.write('{\n  "source": "USGS Spectral Library splib06a (public domain), by models/physics/ore/make/end-members.py",\n')
    file.write(f'  "startNm": {axis[0]},\n  "stepNm": 10,\n  "points": {len(axis)},\n  "members": {{\n')
    lines = [f'    {json.dumps(name)}: {json.dumps(row)}' for name, row in rows.items()]
    file.write(",\n".join(lines) + "\n  }\n}\n")
