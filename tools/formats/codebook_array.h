/* SPDX-License-Identifier: MIT */
/* The codewords that a file holds. */
#ifndef VOQ_TOOLS_CODEBOOK_ARRAY_H
#define VOQ_TOOLS_CODEBOOK_ARRAY_H

#include <stdbool.h>
#include <stdint.h>

struct codebook_file {
    float *codeword; /* [n_codebook][n_code][dim], finite; freed by codebook_file_free */
    uint32_t n_codebook, n_code, dim;
    bool from_double;   /* rounded from float64: ids may differ near ties */
    char tool[64];      /* "scikit-learn 1.2.2"; "": unknown */
};

void codebook_file_free(struct codebook_file *codebook);

#endif
