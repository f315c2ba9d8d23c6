/* SPDX-License-Identifier: MIT */
/* The header of NumPy's .npy: reads versions 1.0, 2.0 and 3.0, writes 1.0. */
#ifndef VOQ_TOOLS_NPY_HEADER_H
#define VOQ_TOOLS_NPY_HEADER_H

#include "tools/formats/byte_reader.h"
#include "tools/base/sink.h"

enum {
    NPY_HEADER_SIZE = 128, /* of every file that voq writes */
    NPY_MOST_DIM = 3
};

struct npy_header {
    char kind;     /* 'i', 'u' or 'f' */
    unsigned size; /* bytes of an element: 1, 2, 4, 8; for floats 4, 8 */
    bool big_endian;
    bool fortran;    /* the first index runs fastest */
    unsigned n_dim;  /* 0 to NPY_MOST_DIM */
    uint64_t shape[3]; /* 1 where there is no such dimension */
};

/* Reads up to the data. Rejects what voq cannot read (objects, structures, strings, complex, f2,
   more dimensions), and a regular file whose size is not header + data. */
bool npy_read_header(struct byte_reader *reader, struct npy_header *header,
                     struct failure *failure);

/* Removes an axis of length 1: PyTorch's users save an array as a batch of one. */
void npy_drop_axis(struct npy_header *header, unsigned axis);

/* Call after the data: fails if bytes follow. */
bool npy_read_end(struct byte_reader *reader, struct failure *failure);

/* Writes the header of an array [n], or [n][n_column] for n_column > 0. descr: "<i4". */
void npy_make_header(char header[NPY_HEADER_SIZE], const char *descr, uint64_t n,
                     uint64_t n_column);

/* Writes the header of an array [n_codebook][n_code][dim], or [n_code][dim] for one codebook. */
void npy_make_codebook_header(char header[NPY_HEADER_SIZE], const char *descr, uint64_t n_codebook,
                              uint64_t n_code, uint64_t dim);

#endif
