/* SPDX-License-Identifier: MIT */
/* Reads the centres of a k-means model that scikit-learn's joblib dumped (km.bin). A dump is a
   program for Python's pickle machine, which is not run here. A short list of operations is
   followed, classes are only tags, and everything else is rejected with its byte. */
#ifndef VOQ_TOOLS_KM_BIN_H
#define VOQ_TOOLS_KM_BIN_H

#include "tools/base/failure.h"
#include "tools/formats/codebook_array.h"

#include <stddef.h>

bool km_bin_read(struct codebook_file *codebook, const char *path, struct failure *failure);

/* The same from memory; path is for messages. */
bool km_bin_parse(struct codebook_file *codebook, const unsigned char *bytes, size_t n_byte,
                  const char *path, struct failure *failure);

#endif
