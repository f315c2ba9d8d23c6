/* SPDX-License-Identifier: MIT */
/* Codebooks of other tools as files: NumPy arrays (faiss and others), scikit-learn's joblib dumps,
   C headers. */
#ifndef VOQ_TOOLS_CODEBOOK_FILE_H
#define VOQ_TOOLS_CODEBOOK_FILE_H

#include "tools/formats/codebook_array.h"
#include "tools/formats/format.h"

/* Whether the file's content is an .npy array or a joblib dump. */
bool codebook_file_is(const char *path);

/* Reads the codebook, or several from an array of three axes. dim: wanted, 0: any; an array
   [dim][n_code], or [n_codebook][dim][n_code], needs `transpose`. Failures are EXIT_INPUT with the
   byte offset; exact duplicates of codewords are a note. */
bool codebook_file_read(struct codebook_file *codebook, const char *path, uint32_t dim,
                        bool transpose, const struct format_notes *notes,
                        struct failure *failure);

/* Writes NumPy <f4 [n_codebook][n_code][dim], or [n_code][dim] for one codebook; "-" is standard
   output. The facts hold the sizes. */
bool codebook_write_npy(const char *path, const float *codeword, const struct unit_facts *facts,
                        uint32_t dim, struct failure *failure);

/* Writes a header for C99 and C++ that defines `symbol`, SYMBOL_K and SYMBOL_DIM; for several
   codebooks also SYMBOL_N, the first dimension of the array. EXIT_USAGE: the symbol is not a C
   identifier, or is a keyword. */
bool codebook_write_c(const char *path, const char *symbol, const float *codeword,
                      const struct unit_facts *facts, uint32_t dim, struct failure *failure);

#endif
