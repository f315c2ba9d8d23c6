# SPDX-License-Identifier: MIT
"""The examples for PyTorch, Hugging Face datasets, Ray and Spark have the bytes of one process, even if a worker dies.

Each needs its own package, and is skipped where that is missing.
"""
import importlib
import os
import pathlib
import signal
import sys

from package import DATA, ROOT, SCRATCH, Skip, claims, command, optional, recordings, same, voq

EXAMPLES = ROOT / "tools/python/examples"
sys.path.insert(0, str(EXAMPLES))
os.environ["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)  # of workers


def expected():
    """{name: units as text} of one process of the command."""
    lines = command("encode", "-q", "-j", "1", *recordings()).decode().splitlines()
    return dict(sorted(line.split("|") for line in lines))


def example(name, package):
    optional(package)
    return importlib.import_module(name)


def killed_in_the_middle(marker):
    """Kills the process that is the second to come here, and no other."""
    for number in (1, 2):
        try:
            os.close(os.open(f"{marker}-{number}", os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            continue
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return


def spawned_workers_of_pytorch_have_the_units_of_one_process():
    module = example("torch_dataset", "torch")
    for workers in (0, 2):
        found = {}
        for names, units in module.loader(DATA, workers):
            for name, row in zip(names, units):
                found[name] = voq.to_text(row[row >= 0])
        same(sorted(found.items()), sorted(expected().items()))


def a_map_of_hugging_face_has_the_units_of_one_process():
    os.environ["HF_HOME"] = str(SCRATCH / "cache")
    module = example("hf_datasets", "datasets")
    import datasets
    datasets.disable_progress_bars()
    data = module.encoded(DATA)
    found = {pathlib.Path(row["path"]).stem: voq.to_text(row["units"]) for row in data}
    same(sorted(found.items()), sorted(expected().items()))
    other = module.encoded(DATA, model="mfcc-100")
    assert module.encoded(DATA)._fingerprint == data._fingerprint != other._fingerprint, "the cache mixes models up"


def ray_with_a_killed_worker_has_the_bytes_of_one_process():
    module = example("ray_folder", "ray")
    import ray
    marker = str(SCRATCH / "ray-killed")

    def encode(batch, model):
        killed_in_the_middle(marker)
        return module_encode(batch, model)
    module_encode = module.encode
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="error")
    try:
        found = module.encoded(DATA, encode=encode)
    finally:
        ray.shutdown()
    assert pathlib.Path(marker + "-2").exists(), "no worker was killed"
    assert found == expected()


def spark_with_a_killed_worker_has_the_bytes_of_one_process():
    module = example("spark_folder", "pyspark")
    from pyspark.sql import SparkSession
    marker = str(SCRATCH / "spark-killed")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)

    def encoder(model):
        encode = module_encoder(model)

        def dying(frames):
            killed_in_the_middle(marker)
            yield from encode(frames)
        return dying
    module_encoder = module.encoder
    try:
        spark = SparkSession.builder.master("local-cluster[2,1,1024]").config("spark.ui.enabled", False).getOrCreate()
    except Exception as error:  # no Java, or none that Spark supports
        raise Skip(f"no local cluster of Spark: {str(error).splitlines()[0]}") from None
    try:
        found = module.encoded(spark, DATA, encoder=encoder)
    finally:
        spark.stop()
    assert pathlib.Path(marker + "-2").exists(), "no worker was killed"
    assert found == expected()


if __name__ == "__main__":
    sys.exit(claims(spawned_workers_of_pytorch_have_the_units_of_one_process,
                    a_map_of_hugging_face_has_the_units_of_one_process,
                    ray_with_a_killed_worker_has_the_bytes_of_one_process,
                    spark_with_a_killed_worker_has_the_bytes_of_one_process))
