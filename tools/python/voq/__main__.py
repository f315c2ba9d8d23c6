# SPDX-License-Identifier: MIT
"""python -m voq: the command."""
from ._places import main

main()
