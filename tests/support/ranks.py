# SPDX-License-Identifier: MIT
"""Shared by the tests of several ranks: mpirun on one machine."""

import os
import shutil
import subprocess
import time

from cli import VOQ, Result, Skip

# As root, more ranks than processors, no other machine, no permission to read another's memory.
MPI = {'OMPI_ALLOW_RUN_AS_ROOT': '1', 'OMPI_ALLOW_RUN_AS_ROOT_CONFIRM': '1',
       'OMPI_MCA_rmaps_base_oversubscribe': '1', 'OMPI_MCA_mpi_yield_when_idle': '1',
       'OMPI_MCA_hwloc_base_binding_policy': 'none', 'OMPI_MCA_plm': 'isolated',
       'OMPI_MCA_btl': 'self,vader', 'OMPI_MCA_btl_vader_single_copy_mechanism': 'none'}


def need_mpi():
    if not os.path.exists(VOQ + '-train-mpi'):
        raise Skip('voq-train-mpi is not built: Open MPI is missing, or this is a sanitizer')
    if not shutil.which('mpirun'):
        raise Skip('mpirun is missing')


def start_ranks(t, n, *command):
    need_mpi()
    return subprocess.Popen(['mpirun', '-n', str(n), *command], cwd=t.folder,
                            env=t.environment(**MPI), stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def result_of(process):
    out, err = (text.decode('utf-8', 'replace') for text in process.communicate(timeout=600))
    said = ''.join(line + '\n' for line in err.splitlines() if line.startswith('voq: '))
    return Result(process.returncode, out, said)  # without the lines of mpirun


def ranks(t, n, *arguments):
    """voq train in n ranks; only lines of voq in stderr."""
    return result_of(start_ranks(t, n, VOQ, 'train', *arguments))


def rank_process(process, rank):
    """The process of a rank under this mpirun; None: there is none."""
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            with open(f'/proc/{pid}/stat', encoding='latin-1') as file:
                parent = int(file.read().rpartition(')')[2].split()[1])
            with open(f'/proc/{pid}/environ', 'rb') as file:
                variables = file.read().split(b'\0')
        except OSError:
            continue
        if parent == process.pid and b'OMPI_COMM_WORLD_RANK=%d' % rank in variables:
            return int(pid)
    return None


def wait_for(path, process):
    """Until the file exists; False: the process has ended."""
    while process.poll() is None and not os.path.exists(path):
        time.sleep(0.005)
    return process.poll() is None
