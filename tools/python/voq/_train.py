# SPDX-License-Identifier: MIT
"""Training and measuring, by the bundled command."""
from __future__ import annotations

import json
import os
import pathlib
import tempfile
from typing import Any, Dict, Optional

from . import _command, _corpus
from ._model import Model
from ._places import is_path


def train(corpus: Any, k: int = 100, lda: Optional[int] = 30, seed: int = 1, progress: bool = True,
          rate: Optional[int] = None, **options: Any) -> Model:
    """Trains a codebook and returns its Model: the bytes that `voq train` writes, on any machine.

    corpus: a path or a list of paths (recordings, folders, manifests, .npy files of vectors), or a list of arrays:
    recordings [n] of int16 or of floats within +-1 at `rate`, or vectors [n, dim], which give a model of vectors.

    k: the number of codewords. lda: how many linear discriminants the features are mapped to; None: no map. It is
    ignored for arrays of vectors and where an option says otherwise (pca, encoder, init). seed: of the random
    numbers. progress: show the messages of the command.

    options: those of `voq train`, by keyword: codebooks=2, profile="kaldi", set={"num_ceps": 20}, iterations=50,
    jobs=4, init="km.bin", speakers="utt2spk", name="mine", licence="CC0", encoder="default", labels="phones.ctm" and
    so on; `voq train --help` lists them. A list repeats an option.

    voq.Error: the corpus or the options cannot be used. If some recordings cannot be read, it warns, and the model is
    trained on the others.
    """
    with tempfile.TemporaryDirectory(prefix="voq-") as folder:
        operands = _corpus.operands(corpus, rate, pathlib.Path(folder))
        takes_vectors = all(operand.endswith(".npy") for operand in operands)
        if not takes_vectors and not {"pca", "encoder", "init"} & set(options):
            options["lda"] = lda
        made = str(pathlib.Path(folder, "model.voq"))
        arguments = [f"--codes={k}", f"--seed={seed}", "--output=" + made,
                     *_command.options(options, reserved=("codes", "output", "json", "quiet", "resume")),
                     *([] if progress else ["--quiet"]), *operands]
        _command.run("train", arguments, show=progress, is_result=lambda _: os.path.exists(made))
        return Model(made)


def evaluate(models: Any = None, corpus: Any = None, *, units: Any = None, phones: Any = None,
             **options: Any) -> Dict[str, Any]:
    """Measures how phoneme-like units are; returns the report of `voq eval --json` as a dict.

    Either models (a Model, a name or a path, or a list of them, which are compared) and a corpus, which they encode:
    a folder with recordings, phones.ctm and, for ABX, an .item file. Or units and phones: units is a unit file, or a
    dict {name: ids}; phones a CTM, a TextGrid or a folder of them.

    options: those of `voq eval`, by keyword: items="x.item", features="f.npy", speakers="utt2spk", hop=320,
    robustness="noises", bootstrap=0, jobs=4 and so on; `voq eval --help` lists them. units given as a dict have the
    hop and the rate of models, if one Model is passed too.

    voq.Error: nothing can be measured; the text is that of the command.
    """
    if (units is None) == (corpus is None):
        raise ValueError("pass models and a corpus, or units and phones")
    listed = list(models) if isinstance(models, (list, tuple)) else [] if models is None else [models]
    with tempfile.TemporaryDirectory(prefix="voq-") as name:
        folder = pathlib.Path(name)
        arguments = ["--json", "--quiet", *_command.options(options, reserved=("json", "quiet", "output"))]
        if phones is not None:
            arguments.append("--phones=" + _command.operand(phones))
        if units is not None:
            owner = listed[0] if len(listed) == 1 and isinstance(listed[0], Model) else None
            arguments.append("--units=" + _corpus.units_operand(units, owner, folder))
        else:
            if not listed:
                raise ValueError("pass a model, or a list of models")
            arguments += [_corpus.model_operand(model, folder, i) for i, model in enumerate(listed)]
            arguments += [_command.operand(path) for path in ([corpus] if is_path(corpus) else corpus)]
        text = _command.run("eval", arguments, is_result=_is_measured)
    return json.loads(text)


def _is_measured(report: bytes) -> bool:
    """Returns whether a report counts any utterance."""
    found = json.loads(report) if report else {}
    return any(model["utterances"] for model in found.get("models", [found]) if model)
