# SPDX-License-Identifier: MIT
"""Units as a column of a Hugging Face dataset: datasets.map over paths, on several processes.

    python hf_datasets.py FOLDER        prints the columns
"""
import pathlib
import sys

import datasets
import voq


def add_units(batch, model):
    batch["units"] = [model.encode(path) for path in batch["path"]]
    return batch


def encoded(folder, processes=2, model="phone-256"):
    """A dataset with the columns path and units. Equal hashes of models mean equal units, so the cache is right."""
    paths = sorted(str(path) for path in pathlib.Path(folder).iterdir() if path.suffix in (".flac", ".wav"))
    data = datasets.Dataset.from_dict({"path": paths})
    return data.map(add_units, batched=True, batch_size=16, num_proc=processes, fn_kwargs={"model": voq.load(model)})


if __name__ == "__main__":
    print(encoded(sys.argv[1]))
