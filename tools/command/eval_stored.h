/* SPDX-License-Identifier: MIT */
/* The ABX cells that the shards of `voq eval` measured, while they are put together. */
#ifndef VOQ_TOOLS_EVAL_STORED_H
#define VOQ_TOOLS_EVAL_STORED_H

#include "tools/base/json_get.h"
#include "tools/base/name_index.h"
#include "tools/eval/abx_scores.h"

/* All zero: nothing is known yet. */
struct stored_measure {
    struct abx_outcomes outcomes;
    struct cell_errors errors;
    bool *has_share; /* [outcomes.n_share] */
    size_t n_known;
    bool has_outcomes;
};

/* What is compared: units, or features. */
struct stored_scores {
    bool is_known;
    uint64_t items, skipped;
    struct stored_measure measure[ABX_MEASURES];
};

struct eval_stored {
    struct name_index names; /* of the utterances in outcomes */
    bool has_names;
    struct stored_scores *units, *features; /* [n_subject] */
    size_t n_subject;
    /* where the next lines of outcomes belong; NULL: nowhere */
    const struct stored_measure *current;
    struct share_outcomes *share;
};

bool eval_stored_init(struct eval_stored *stored, size_t n_subject, struct failure *failure);
void eval_stored_clear(struct eval_stored *stored);

/* Takes a line of a shard; *good = false: it is not such a line, or contradicts earlier ones.
   False: no memory. */
bool eval_stored_take(struct eval_stored *stored, const struct json *line, bool *good,
                      struct failure *failure);
void eval_stored_end_shard(struct eval_stored *stored);

/* Whether all cells of the scores are known. */
bool eval_stored_is_whole(const struct stored_scores *scores);

/* Fills the members of *scores that are measured, and, if they were kept, outcomes[2], which are
   moved and number the utterances as `utterances` does. */
bool eval_stored_scores(struct stored_scores *from, const struct name_index *names,
                        const struct name_index *utterances, struct abx_scores *scores,
                        struct abx_outcomes *outcomes, struct failure *failure);

#endif
