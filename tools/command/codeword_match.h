/* SPDX-License-Identifier: MIT */
/* Finds which units of two models correspond. */
#ifndef VOQ_TOOLS_CODEWORD_MATCH_H
#define VOQ_TOOLS_CODEWORD_MATCH_H

#include "tools/base/failure.h"
#include "voq.h"

#include <stdio.h>

/* Writes "old new distance" for every pair of mutual nearest codewords, sorted by old id; with
   several codebooks the codebook's number (from 1) comes first. The distance is Euclidean.
   EXIT_USAGE if front end, normalisation or transform of the two models differ. */
bool codeword_match_write(const voq_model *old, const voq_model *new, bool json, FILE *file,
                          struct failure *failure);

#endif
