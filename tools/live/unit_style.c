/* SPDX-License-Identifier: MIT */
#include "tools/live/unit_style.h"

#include "tools/base/growing.h"
#include "tools/base/palette.h"
#include "tools/live/screen.h"

#include <stdlib.h>

static bool fill_styles(uint32_t *style, const voq_parts *parts, double (*xy)[2], double *place,
                        struct failure *failure)
{
    size_t n = parts->n_code;
    if (!principal_project(parts->codeword, n, parts->dim, xy, failure)) return false;
    for (size_t i = 0; i < n; i++) place[i] = xy[i][0];
    if (!palette_places(place, n, place, failure)) return false;
    for (size_t i = 0; i < n; i++)
        style[i] = STYLE_FILL | palette_rgb(place[i]) |
                   (palette_takes_black(place[i]) ? STYLE_BLACK_INK : 0);
    return true;
}

uint32_t *unit_styles(const voq_model *model, struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts};
    if (voq_model_parts(model, &parts) != VOQ_OK) {
        fail(failure, EXIT_INTERNAL, "the model's codewords cannot be read");
        return NULL;
    }
    uint32_t *style = zeroed(parts.n_code, sizeof *style, failure);
    double *place = zeroed(parts.n_code, sizeof *place, failure);
    double(*xy)[2] = zeroed(parts.n_code, sizeof *xy, failure);
    if (!style || !place || !xy || !fill_styles(style, &parts, xy, place, failure)) {
        free(style);
        style = NULL;
    }
    free(place);
    free(xy);
    return style;
}
