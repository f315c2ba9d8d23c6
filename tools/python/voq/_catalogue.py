# SPDX-License-Identifier: MIT
"""Models by name."""
from __future__ import annotations

import pathlib
import re
from typing import Any, Dict, List, Optional

from . import _places
from ._errors import Error
from ._model import Model, Source


def load(source: Source) -> Model:
    """Returns a Model.

    source: the name of a model (voq.models() lists them), the path of a .voq file, or the bytes of one. A text with
    "/" or with the suffix .voq is a path. Names are looked up in $VOQ_MODELS, then among the models of the package.

    voq.Error: there is no such model, or it is damaged; the text names the place.
    """
    return Model(source)


def models() -> List[Dict[str, Any]]:
    """Returns the models that can be loaded by name, a dict for each, as `voq models --json` prints them: name, hash,
    codebooks, codes, look_ahead_ms, pnmi and licence (None: not stated), file. Damaged models are left out."""
    found: Dict[str, Dict[str, Any]] = {}
    for folder in _places.model_folders():
        for path in sorted(folder.glob("*.voq")):
            if path.stem in found or path.name.startswith("."):
                continue
            try:
                found[path.stem] = _entry(path)
            except Error:
                continue
    return list(found.values())


def _entry(path: pathlib.Path) -> Dict[str, Any]:
    model = Model(path)
    info, card = model.info, path.with_suffix(".md")
    text = card.read_text(encoding="utf-8", errors="replace") if card.is_file() else ""
    pnmi = _card_value(text, "PNMI")
    return {"name": path.stem, "hash": model.hash, "codebooks": info["n_codebook"], "codes": info["n_code"],
            "look_ahead_ms": 1000 * model.look_ahead / model.rate if model.rate else None,
            "pnmi": float(pnmi) if pnmi and re.fullmatch(r"\d*\.?\d+", pnmi) else None,
            "licence": info["provenance"].get("licence") or _card_value(text, "licence"),
            "file": str(path)}


def _card_value(card: str, what: str) -> Optional[str]:
    """Returns the first value of a row "| what | value | ..." of a model's card."""
    row = re.search(rf"^\|[ \t]*{what}[ \t]*\|([^|\n]*)\|", card, re.M)
    return row[1].strip() if row else None
