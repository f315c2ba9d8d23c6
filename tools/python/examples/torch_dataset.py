# SPDX-License-Identifier: MIT
"""Units as a PyTorch dataset: the workers of a DataLoader encode the recordings.

    python torch_dataset.py FOLDER      prints the name and the number of units of each recording
"""
import pathlib
import sys

import torch
import voq


class Units(torch.utils.data.Dataset):
    """(name, units) of the recordings in a folder. A model is pickled with the dataset, so workers may be spawned."""

    def __init__(self, folder, model="phone-256"):
        self.paths = sorted(path for path in pathlib.Path(folder).iterdir() if path.suffix in (".flac", ".wav"))
        self.model = voq.load(model)

    def __len__(self):
        return len(self.paths)

    def __getitem__(self, i):
        return self.paths[i].stem, torch.from_numpy(self.model.encode(self.paths[i]).astype("int64"))


def padded(items):
    """A batch: names, units [batch, longest] padded with -1."""
    names, units = zip(*items)
    return names, torch.nn.utils.rnn.pad_sequence(units, batch_first=True, padding_value=-1)


def loader(folder, workers=2):
    return torch.utils.data.DataLoader(Units(folder), batch_size=2, collate_fn=padded, num_workers=workers,
                                       multiprocessing_context="spawn" if workers else None)


if __name__ == "__main__":
    for names, units in loader(sys.argv[1]):
        for name, row in zip(names, units):
            print(name, int((row >= 0).sum()))
