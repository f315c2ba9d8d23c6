/* SPDX-License-Identifier: MIT */
/* Pictures of ink on transparent paper, as an address that an image in HTML may have. */
#ifndef VOQ_TOOLS_PNG_H
#define VOQ_TOOLS_PNG_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PNG_MOST = 15 }; /* the darkest ink */

/* Writes "data:image/png;base64,..." of ink[height][width] from 0 to PNG_MOST: black, of that
   opacity. The bytes do not depend on any library. */
bool png_write(FILE *file, const unsigned char *ink, size_t width, size_t height,
               struct failure *failure);

#endif
