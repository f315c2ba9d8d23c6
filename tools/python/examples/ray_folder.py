# SPDX-License-Identifier: MIT
"""A folder, encoded on a Ray cluster. A worker that dies is replaced, and its recordings are encoded again.

    python ray_folder.py FOLDER OUT.gslm
"""
import pathlib
import sys

import ray
import voq


def encode(batch, model):
    batch["units"] = [voq.to_text(model.encode(path)) for path in batch["path"]]
    return batch


def encoded(folder, model="phone-256", encode=encode):
    """{name: units as text}, in the order of the names."""
    paths = sorted(str(path) for path in pathlib.Path(folder).iterdir() if path.suffix in (".flac", ".wav"))
    rows = ray.data.from_items([{"path": path} for path in paths], override_num_blocks=len(paths))
    rows = rows.map_batches(encode, fn_kwargs={"model": voq.load(model)}, batch_size=2).take_all()
    return dict(sorted((pathlib.Path(row["path"]).stem, row["units"]) for row in rows))


if __name__ == "__main__":
    ray.init(num_cpus=2)
    found = encoded(sys.argv[1])
    pathlib.Path(sys.argv[2]).write_text("".join(f"{name}|{units}\n" for name, units in found.items()))
