/* SPDX-License-Identifier: MIT */
#include "tools/formats/codebook_array.h"

#include <stdlib.h>

void codebook_file_free(struct codebook_file *codebook)
{
    free(codebook->codeword);
    *codebook = (struct codebook_file){0};
}
