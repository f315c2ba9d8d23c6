# SPDX-License-Identifier: MIT
"""Speech to discrete units."""
import ctypes
import json
import subprocess
import types

from ._places import COMMAND, LIBRARY

_library = ctypes.CDLL(str(LIBRARY))
_library.voq_version_string.restype = ctypes.c_char_p
__version__ = _library.voq_version_string().decode()


def load(name):
    """What the command tells about a model."""
    told = subprocess.run([str(COMMAND), "info", "--json", name], capture_output=True, check=True).stdout
    return types.SimpleNamespace(**json.loads(told))
