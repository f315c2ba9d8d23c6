# SPDX-License-Identifier: MIT
"""The page of the package runs as it stands, and its manual is complete."""
import inspect
import os
import pydoc
import re
import shutil
import subprocess
import sys

from package import DATA, ROOT, SCRATCH, Skip, claims, none, voq
from voq import _places

PAGE = ROOT / "tools/python/README.md"
OPTIONAL = ("sklearn", "matplotlib", "torch")


def folder():
    place = SCRATCH / "page"
    if not place.exists():
        place.mkdir()
        shutil.copytree(DATA, place / "speech")
        shutil.copy(DATA / "5652-19215-0032.flac", place / "recording.flac")
        shutil.copy(DATA / "5652-19215-0010.flac", place / "other.flac")
    return place


def the_code_of_the_page_runs():
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) > 5, "the page has no code"
    missing = [name for name in OPTIONAL if not found(name)]
    needs = {block: [name for name in missing if re.search(rf"(import|from) {name}\b", block)] for block in blocks}
    code = "\n".join(block for block in blocks if not needs[block])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "MPLBACKEND": "Agg"}
    done = subprocess.run([sys.executable, "-B", "-W", "error:::__main__", "-c", code], cwd=folder(),
                          capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    if any(needs.values()):
        raise Skip(f"blocks that need {', '.join(sorted(set(sum(needs.values(), []))))} were left out, the others ran")


def found(name):
    import importlib.util
    return importlib.util.find_spec(name) is not None


def everything_public_has_a_docstring_and_types():
    wrong = []
    for name in voq.__all__:
        thing = getattr(voq, name)
        members = [(name, thing)]
        if inspect.isclass(thing):
            members += [(f"{name}.{key}", value) for key, value in vars(thing).items() if not key.startswith("_")]
        for key, value in members:
            function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
            if not inspect.isfunction(function) and not inspect.isclass(value):
                continue
            if not inspect.getdoc(value) and key not in ("Stream.model",):
                wrong.append(f"{key} has no docstring")
            if inspect.isfunction(function) and "return" not in function.__annotations__:
                wrong.append(f"{key} has no types")
    none(wrong, "incomplete:")
    assert (_places.HERE / "py.typed").exists()


def the_manual_names_everything_public():
    text = pydoc.render_doc(voq, renderer=pydoc.plaintext)
    assert "one small number every 10 ms" in text
    none([name for name in voq.__all__ if name not in voq.__doc__ and name != "Stream"], "not in the manual:")
    assert "uint32 [n" in text and "voq.Error" in text
    assert set(voq.__all__) <= set(dir(voq))


def names_that_are_not_there_are_attribute_errors():
    assert not hasattr(voq, "nothing")


def the_command_runs_as_a_module_without_numpy():
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    run = lambda *arguments: subprocess.run([sys.executable, "-B", *arguments], capture_output=True, text=True,
                                            env=environment, check=False, cwd=folder())
    assert run("-m", "voq", "--version").stdout.split()[-1] == voq.__version__
    assert run("-m", "voq", "nothing").returncode == 2
    units = voq.to_text(voq.load("phone-256").encode(folder() / "recording.flac"))
    assert run("-m", "voq", "encode", "-q", "recording.flac").stdout == f"recording|{units}\n"
    loaded = run("-c", "import sys, voq._places; print('numpy' in sys.modules)")
    assert loaded.stdout == "False\n", loaded


def the_page_does_not_promise_what_is_not_public():
    text = PAGE.read_text(encoding="utf-8")
    names = set(re.findall(r"\bvoq\.([A-Za-z_]\w*)", text)) - {"whl", "voq"}
    none(sorted(names - set(voq.__all__)), "not there:")


if __name__ == "__main__":
    sys.exit(claims(the_code_of_the_page_runs, everything_public_has_a_docstring_and_types,
                    the_manual_names_everything_public, names_that_are_not_there_are_attribute_errors,
                    the_command_runs_as_a_module_without_numpy, the_page_does_not_promise_what_is_not_public))
