/* SPDX-License-Identifier: MIT */
/* The order of the tokens by their distance to x, for every x of an ABX task. From it the error for
   any weights of the utterances is computed without computing distances again. */
#ifndef VOQ_TOOLS_ABX_OUTCOMES_H
#define VOQ_TOOLS_ABX_OUTCOMES_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define OUTCOME_A 0x7fffffffu /* in place of b's phone: the token is an a */

/* A token and its distance to x, before sorting. */
struct outcome_distance {
    double d;
    uint32_t utterance;
    uint32_t b; /* the phone of a token b, or OUTCOME_A */
};

/* A sorted token: nearest to x first, among equals a before b. */
struct outcome_token {
    uint32_t utterance;
    uint32_t b : 31;
    uint32_t is_tie : 1; /* as near as the previous token */
};

struct outcome_x {
    uint32_t utterance;
    size_t first, end; /* into token[] */
};

/* The cells of one (context, phone and speaker of a, speaker of x): one per phone of b. */
struct outcome_group {
    size_t first_x, end_x; /* into x[] */
    size_t first_b, end_b; /* into b[] */
};

/* All groups with one phone and speaker of a. */
struct share_outcomes {
    uint32_t phone; /* of a */
    struct outcome_group *group;
    struct outcome_x *x;
    struct outcome_token *token;
    uint32_t *b; /* phones */
    size_t n_group, n_x, n_token, n_b;
    size_t group_capacity, x_capacity, token_capacity, b_capacity;
};

struct abx_outcomes {
    struct share_outcomes *share; /* [n_share], by phone of a, then speaker of a */
    size_t n_share;
    uint32_t n_phone; /* greater than every phone */
};

/* Sums over the triplets of one group, by the phone of b. The weight of a triplet is the product of
   the weights of a, b and x. */
struct outcome_sums {
    uint64_t *half_wins; /* [n_phone] 2 per triplet with x nearer to a than to b, 1 per tie */
    uint64_t *triplets;  /* [n_phone] */
};

/* Sums of the errors of cells, for the averages. */
struct cell_errors {
    double *sum; /* [n_share][n_phone] over contexts and speakers of x */
    uint64_t *n; /* [n_share][n_phone] */
};

bool outcomes_init(struct abx_outcomes *outcomes, size_t n_share, uint32_t n_phone,
                   struct failure *failure);
void outcomes_clear(struct abx_outcomes *outcomes);
void share_outcomes_clear(struct share_outcomes *share);

/* Remove everything, or only x, but keep the memory. */
void outcomes_forget(struct share_outcomes *share);
void outcomes_forget_x(struct share_outcomes *share);

/* Opens a group; then add its phones of b by outcomes_add_b and its x by outcomes_add_x. */
bool outcomes_add_group(struct share_outcomes *share, struct failure *failure);
bool outcomes_add_b(struct share_outcomes *share, uint32_t phone, struct failure *failure);

/* Adds an x; sorts distance[n]. */
bool outcomes_add_x(struct share_outcomes *share, uint32_t utterance,
                    struct outcome_distance *distance, size_t n, struct failure *failure);

bool outcome_sums_init(struct outcome_sums *sums, uint32_t n_phone, struct failure *failure);
void outcome_sums_clear(struct outcome_sums *sums);
void outcome_sums_begin(struct outcome_sums *sums, const struct share_outcomes *share,
                        const struct outcome_group *group);

/* Adds one x of the current group. weight NULL: every utterance weighs 1. */
void outcome_sums_add(struct outcome_sums *sums, const struct share_outcomes *share,
                      const struct outcome_x *x, const uint32_t *weight);

/* Adds the errors of the group's cells to those of share i; cells without weight are left out. */
void cell_errors_add(struct cell_errors *errors, const struct outcome_sums *sums,
                     const struct abx_outcomes *outcomes, size_t i,
                     const struct outcome_group *group, const struct share_outcomes *share);

bool cell_errors_init(struct cell_errors *errors, const struct abx_outcomes *outcomes,
                      struct failure *failure);
void cell_errors_clear(struct cell_errors *errors);

/* Mean over the speakers of a, then over the ordered pairs of phones; NaN: no cell. */
double cell_errors_average(const struct cell_errors *errors, const struct abx_outcomes *outcomes);

/* The error with weight[utterance]; *sums and *errors are scratch memory for these outcomes. */
double outcomes_error(const struct abx_outcomes *outcomes, const uint32_t *weight,
                      struct outcome_sums *sums, struct cell_errors *errors);

#endif
