# SPDX-License-Identifier: MIT
"""A folder, encoded on a Spark cluster by mapInPandas. The recordings of a worker that dies are encoded again.

    python spark_folder.py FOLDER OUT.gslm
"""
import pathlib
import sys

import voq
from pyspark.sql import SparkSession


def encoder(model):
    """What a worker does: data frames with paths in, data frames with names and units out."""
    def encode(frames):
        for frame in frames:
            frame["name"] = [pathlib.Path(path).stem for path in frame["path"]]
            frame["units"] = [voq.to_text(model.encode(path)) for path in frame["path"]]
            yield frame[["name", "units"]]
    return encode


def encoded(spark, folder, model="phone-256", encoder=encoder):
    """{name: units as text}, in the order of the names."""
    paths = sorted(str(path) for path in pathlib.Path(folder).iterdir() if path.suffix in (".flac", ".wav"))
    rows = spark.createDataFrame([(path,) for path in paths], "path string").repartition(len(paths))
    rows = rows.mapInPandas(encoder(voq.load(model)), "name string, units string").collect()
    return {row["name"]: row["units"] for row in sorted(rows)}


if __name__ == "__main__":
    with SparkSession.builder.master("local-cluster[2,1,1024]").getOrCreate() as session:
        found = encoded(session, sys.argv[1])
    pathlib.Path(sys.argv[2]).write_text("".join(f"{name}|{units}\n" for name, units in found.items()))
