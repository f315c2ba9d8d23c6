/* SPDX-License-Identifier: MIT */
/* The utterances of a bootstrap, and how often each draw contains them. */
#ifndef VOQ_TOOLS_RESAMPLING_H
#define VOQ_TOOLS_RESAMPLING_H

#include "tools/eval/alignment.h"
#include "tools/eval/feature_set.h"
#include "tools/eval/item.h"
#include "tools/eval/unit_set.h"

struct resampling {
    struct name_index utterances; /* names in byte order */
    uint32_t n_speaker;           /* of these utterances */
    uint32_t n_draw;
    uint64_t seed;
};

/* Collects the utterances with units that have phones or items, and those with features that have
   items. phones and items may be NULL. The caller sets n_draw and seed; all else must be zero. */
bool resampling_make(struct resampling *resampling, const struct unit_set *units,
                     const struct feature_set *features, const struct alignment *phones,
                     const struct item_list *items, struct failure *failure);

/* True if there are so few speakers that the intervals may not hold for other speakers. */
bool resampling_is_narrow(const struct resampling *resampling);
void resampling_clear(struct resampling *resampling);

/* Draws utterances.n utterances with replacement; weight[utterances.n] counts how often each was
   drawn. Depends only on seed and draw. */
void resampling_draw(const struct resampling *resampling, uint32_t draw, uint32_t *weight);

#endif
