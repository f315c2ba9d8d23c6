# SPDX-License-Identifier: MIT
"""A picture of a recording and its units."""
from __future__ import annotations

from typing import Any, Iterable, List, Optional, Tuple

import numpy as np

from . import _arrays, _features, _units
from ._errors import Error

Interval = Tuple[float, float, str]


def plot(x: Any, ids: Any, rate: int = 16000, hop: Optional[float] = None, model: Any = None,
         phones: Optional[Iterable[Interval]] = None, ax: Any = None) -> Any:
    """Draws spectrogram, units and phones on one time axis; returns matplotlib's Axes.

    x: samples [n] at `rate`. ids: their units [n_unit] (of several codebooks the first is drawn). hop: samples per
    unit at `rate` (default: that of `model`, else 10 ms). model: the Model that made the units; its labels, if it has
    them, are drawn where no phones are passed. phones: (start, end, text) in seconds. ax: where to draw (default: the
    current figure).

    voq.Error: matplotlib is not installed (pip install 'voq[plot]'). ValueError: not one channel, or not units.
    """
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise Error("plot draws with matplotlib: pip install 'voq[plot]'") from None
    samples = _arrays.samples(x, rate, _arrays.whole_rate(rate))
    units = _arrays.unit_ids(ids, None)
    units = units if units.ndim == 1 else units[:, 0]
    seconds = _seconds_per_unit(rate, hop, model)
    runs = _runs(units, seconds)
    labels = model.labels if phones is None and model is not None else None
    if labels:
        phones = _joined((start, end, labels[int(unit)]) for start, end, unit in runs)
    phones = list(phones or [])
    ax = ax if ax is not None else plt.gca()
    mel = _features.log_mel(samples, rate, "kaldi", snip_edges=False)
    n_mel = mel.shape[1]
    if len(mel):
        ax.imshow(mel.T, origin="lower", aspect="auto", cmap="magma", extent=(0, len(mel) * 0.01, 0, n_mel))
    height = n_mel / 8
    end = max(len(samples) / rate, len(units) * seconds) or 1
    _row(ax, runs, -height, height, end / 80, colour=True)
    _row(ax, phones, -2 * height, height, end / 80, colour=False)
    ax.set(xlim=(0, end), ylim=(-2 * height if phones else -height, n_mel),
           xlabel="time (s)", yticks=[-1.5 * height] * bool(phones) + [-height / 2, n_mel / 2],
           yticklabels=["phones"] * bool(phones) + ["units", "log mel"])
    return ax


def _seconds_per_unit(rate: int, hop: Optional[float], model: Any) -> float:
    if hop is not None:
        return hop / rate
    return model.hop / model.rate if model is not None and model.rate else 0.01


def _runs(units: np.ndarray, seconds: float) -> List[Interval]:
    found, start = [], 0
    for unit, n in zip(*(part.tolist() for part in _units.dedup(units))):
        found.append((start * seconds, (start + n) * seconds, str(unit)))
        start += n
    return found


def _joined(intervals: Iterable[Interval]) -> List[Interval]:
    """Joins neighbours with the same text."""
    found: List[Interval] = []
    for start, end, text in intervals:
        if found and found[-1][2] == text:
            start = found.pop()[0]
        found.append((start, end, text))
    return found


def _row(ax: Any, intervals: Iterable[Interval], bottom: float, height: float, least: float,
         colour: bool) -> None:
    """Draws a box for each interval, and its text where it is at least `least` seconds long."""
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle
    for start, end, text in intervals:
        face = colormaps["tab20"](int(text) % 20) if colour else "white"
        ax.add_patch(Rectangle((start, bottom), end - start, height, facecolor=face, edgecolor="grey", linewidth=0.5))
        if end - start >= least:
            ax.text((start + end) / 2, bottom + height / 2, text, ha="center", va="center", fontsize=7, clip_on=True)
