/* SPDX-License-Identifier: MIT */
/* The colours of the microphone page (tools/web/page-palette.js), and the order behind them. */
#ifndef VOQ_TOOLS_PALETTE_H
#define VOQ_TOOLS_PALETTE_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define PALETTE_GREY 0x8b939b /* of silence and of what has no phone; readable on black and white */

/* The colour of a place within 0 and 1, as 0xrrggbb. Lightness rises with the place and hue goes
   from blue to yellow, so that the order is seen with any kind of colour vision. */
uint32_t palette_rgb(double place);

/* Whether black is read more easily than white on the colour of a place. */
bool palette_takes_black(double place);

/* Projects x[n][dim] on its first two principal components: xy[n][2]. */
bool principal_project(const float *x, size_t n, size_t dim, double (*xy)[2],
                       struct failure *failure);

/* The rank of each value[n] among all, divided so that it is within 0 and 1; ties by index. */
bool palette_places(const double *value, size_t n, double *place, struct failure *failure);

#endif
