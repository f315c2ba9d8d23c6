/* SPDX-License-Identifier: MIT */
/* What the parts of a report show of a model's units and of the phones: orders, colours, uses. */
#ifndef VOQ_TOOLS_UNIT_VIEW_H
#define VOQ_TOOLS_UNIT_VIEW_H

#include "tools/eval/evaluation.h"
#include "voq.h"

/* With more units than this, a chart shows the most frequent. */
enum { UNIT_VIEW_MOST = 2000 };

enum { UNIT_RUN_LENGTHS = 30 }; /* the last one: this long or longer */

struct unit_view {
    const struct evaluation *evaluation;
    const char *name; /* of the model */
    voq_info info;
    uint32_t n;           /* symbols */
    uint64_t *frames;     /* [n] */
    uint32_t *phone;      /* [n] the commonest; NO_LABEL: none */
    double *place;        /* [n] on the palette, by the first principal component */
    double (*xy)[2];      /* [n] principal components of the codeword */
    float *codeword;      /* [n][dim] */
    const uint32_t *colour_of_phone; /* NULL: colours of the units' own places */
    uint32_t *shown;      /* [n_shown] units in the order of the charts */
    uint32_t *column; /* [n] the place in shown; NO_UNIT: not shown */
    uint32_t n_shown, n_used;
    uint64_t run[UNIT_RUN_LENGTHS + 1]; /* runs by their frames */
};

struct phone_view {
    uint32_t *order;  /* [n] labels that occur: by class, then place of articulation, then name */
    uint32_t *row;    /* [n_label] the place in order; NO_LABEL: does not occur */
    uint32_t *colour; /* [n_label] */
    uint32_t n, n_label;
    const struct alignment *phones; /* NULL: none */
};

/* The views of n models that have the same phones. */
struct unit_views {
    struct unit_view *unit; /* [n] */
    size_t n;
    struct phone_view phone;
};

bool unit_views_make(struct unit_views *views, const struct evaluation *evaluation,
                     const voq_model *const *model, size_t n, struct failure *failure);
void unit_views_clear(struct unit_views *views);

uint32_t unit_view_colour(const struct unit_view *view, uint32_t unit);

/* The number of frames with this phone and unit. */
uint64_t unit_view_count(const struct unit_view *view, uint32_t phone, uint32_t unit);

#endif
