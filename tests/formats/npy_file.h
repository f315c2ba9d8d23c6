/* SPDX-License-Identifier: MIT */
#ifndef VOQ_TESTS_NPY_FILE_H
#define VOQ_TESTS_NPY_FILE_H

#include "tests/support/scratch.h"

/* A NumPy file with this dictionary and data; the name is "x". */
static inline const char *npy_file(int version, const char *dictionary, const void *data, size_t n)
{
    unsigned char bytes[512] = {0x93, 'N', 'U', 'M', 'P', 'Y', (unsigned char)version, 0};
    size_t length = strlen(dictionary), at = version == 1 ? 10 : 12;
    bytes[8] = (unsigned char)length;
    memcpy(bytes + at, dictionary, length);
    memcpy(bytes + at + length, data, n);
    return scratch_write("x.npy", bytes, at + length + n);
}

#endif
