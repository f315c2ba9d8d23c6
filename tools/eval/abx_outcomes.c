/* SPDX-License-Identifier: MIT */
#include "tools/eval/abx_outcomes.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool outcomes_init(struct abx_outcomes *outcomes, size_t n_share, uint32_t n_phone,
                   struct failure *failure)
{
    *outcomes = (struct abx_outcomes){.n_share = n_share, .n_phone = n_phone};
    outcomes->share = zeroed(n_share, sizeof *outcomes->share, failure);
    return outcomes->share != NULL;
}

void share_outcomes_clear(struct share_outcomes *share)
{
    free(share->group);
    free(share->x);
    free(share->token);
    free(share->b);
    *share = (struct share_outcomes){0};
}

void outcomes_clear(struct abx_outcomes *outcomes)
{
    for (size_t i = 0; outcomes->share && i < outcomes->n_share; i++)
        share_outcomes_clear(&outcomes->share[i]);
    free(outcomes->share);
    *outcomes = (struct abx_outcomes){0};
}

void outcomes_forget_x(struct share_outcomes *s)
{
    s->n_x = s->n_token = 0;
}

void outcomes_forget(struct share_outcomes *s)
{
    outcomes_forget_x(s);
    s->n_group = s->n_b = 0;
}

bool outcomes_add_group(struct share_outcomes *s, struct failure *failure)
{
    if (!grow(&s->group, &s->group_capacity, s->n_group + 1, sizeof *s->group, failure))
        return false;
    s->group[s->n_group++] = (struct outcome_group){s->n_x, s->n_x, s->n_b, s->n_b};
    return true;
}

bool outcomes_add_b(struct share_outcomes *s, uint32_t phone, struct failure *failure)
{
    if (!grow(&s->b, &s->b_capacity, s->n_b + 1, sizeof *s->b, failure)) return false;
    s->b[s->n_b++] = phone;
    s->group[s->n_group - 1].end_b = s->n_b;
    return true;
}

/* The nearest first, among equals a before b. */
static int by_distance(const void *a, const void *b)
{
    const struct outcome_distance *x = a, *y = b;
    if (x->d != y->d) return x->d < y->d ? -1 : 1;
    return (y->b == OUTCOME_A) - (x->b == OUTCOME_A);
}

bool outcomes_add_x(struct share_outcomes *s, uint32_t utterance,
                    struct outcome_distance *distance, size_t n, struct failure *failure)
{
    if (!grow(&s->x, &s->x_capacity, s->n_x + 1, sizeof *s->x, failure) ||
        !grow(&s->token, &s->token_capacity, s->n_token + n, sizeof *s->token, failure))
        return false;
    qsort(distance, n, sizeof *distance, by_distance);
    s->x[s->n_x++] = (struct outcome_x){utterance, s->n_token, s->n_token + n};
    s->group[s->n_group - 1].end_x = s->n_x;
    for (size_t i = 0; i < n; i++)
        s->token[s->n_token++] = (struct outcome_token){
            .utterance = distance[i].utterance, .b = distance[i].b & OUTCOME_A,
            .is_tie = i > 0 && distance[i].d == distance[i - 1].d};
    return true;
}

bool outcome_sums_init(struct outcome_sums *sums, uint32_t n_phone, struct failure *failure)
{
    *sums = (struct outcome_sums){zeroed(n_phone, sizeof *sums->half_wins, failure),
                                  zeroed(n_phone, sizeof *sums->triplets, failure)};
    return sums->half_wins && sums->triplets;
}

void outcome_sums_clear(struct outcome_sums *sums)
{
    free(sums->half_wins);
    free(sums->triplets);
    *sums = (struct outcome_sums){0};
}

void outcome_sums_begin(struct outcome_sums *sums, const struct share_outcomes *share,
                        const struct outcome_group *group)
{
    for (size_t i = group->first_b; i < group->end_b; i++)
        sums->half_wins[share->b[i]] = sums->triplets[share->b[i]] = 0;
}

static uint64_t weight_of(const uint32_t *weight, uint32_t utterance)
{
    return weight ? weight[utterance] : 1;
}

static uint64_t weight_of_a(const struct share_outcomes *share, const struct outcome_x *x,
                            const uint32_t *weight)
{
    uint64_t sum = 0;
    for (size_t i = x->first; i < x->end; i++)
        if (share->token[i].b == OUTCOME_A) sum += weight_of(weight, share->token[i].utterance);
    return sum;
}

void outcome_sums_add(struct outcome_sums *sums, const struct share_outcomes *share,
                      const struct outcome_x *x, const uint32_t *weight)
{
    uint64_t w_x = weight_of(weight, x->utterance), nearer = 0, equal = 0;
    uint64_t all = w_x ? weight_of_a(share, x, weight) : 0;
    if (!all) return;
    for (size_t i = x->first; i < x->end; i++) {
        const struct outcome_token *token = &share->token[i];
        uint64_t w = weight_of(weight, token->utterance);
        if (!token->is_tie) {
            nearer += equal;
            equal = 0;
        }
        if (token->b == OUTCOME_A) {
            equal += w;
        } else {
            sums->half_wins[token->b] += w_x * w * (2 * nearer + equal);
            sums->triplets[token->b] += w_x * w * all;
        }
    }
}

bool cell_errors_init(struct cell_errors *errors, const struct abx_outcomes *outcomes,
                      struct failure *failure)
{
    size_t n = outcomes->n_share * outcomes->n_phone;
    *errors = (struct cell_errors){zeroed(n, sizeof *errors->sum, failure),
                                   zeroed(n, sizeof *errors->n, failure)};
    return errors->sum && errors->n;
}

void cell_errors_clear(struct cell_errors *errors)
{
    free(errors->sum);
    free(errors->n);
    *errors = (struct cell_errors){0};
}

void cell_errors_add(struct cell_errors *errors, const struct outcome_sums *sums,
                     const struct abx_outcomes *outcomes, size_t i,
                     const struct outcome_group *group, const struct share_outcomes *share)
{
    for (size_t k = group->first_b; k < group->end_b; k++) {
        uint32_t b = share->b[k];
        size_t slot = i * outcomes->n_phone + b;
        if (!sums->triplets[b]) continue;
        errors->sum[slot] += 1 - (double)sums->half_wins[b] / (2 * (double)sums->triplets[b]);
        errors->n[slot]++;
    }
}

double cell_errors_average(const struct cell_errors *errors, const struct abx_outcomes *outcomes)
{
    double sum = 0;
    uint64_t n = 0;
    for (size_t first = 0, end; first < outcomes->n_share; first = end) {
        for (end = first; end < outcomes->n_share; end++)
            if (outcomes->share[end].phone != outcomes->share[first].phone) break;
        for (uint32_t b = 0; b < outcomes->n_phone; b++) {
            double pair_sum = 0;
            uint64_t n_speaker = 0;
            for (size_t i = first; i < end; i++) {
                size_t slot = i * outcomes->n_phone + b;
                if (!errors->n[slot]) continue;
                pair_sum += errors->sum[slot] / (double)errors->n[slot];
                n_speaker++;
            }
            if (!n_speaker) continue;
            sum += pair_sum / (double)n_speaker;
            n++;
        }
    }
    return n ? sum / (double)n : (double)NAN;
}

double outcomes_error(const struct abx_outcomes *outcomes, const uint32_t *weight,
                      struct outcome_sums *sums, struct cell_errors *errors)
{
    size_t n_slot = outcomes->n_share * outcomes->n_phone;
    memset(errors->sum, 0, n_slot * sizeof *errors->sum);
    memset(errors->n, 0, n_slot * sizeof *errors->n);
    for (size_t i = 0; i < outcomes->n_share; i++) {
        const struct share_outcomes *share = &outcomes->share[i];
        for (size_t g = 0; g < share->n_group; g++) {
            const struct outcome_group *group = &share->group[g];
            outcome_sums_begin(sums, share, group);
            for (size_t x = group->first_x; x < group->end_x; x++)
                outcome_sums_add(sums, share, &share->x[x], weight);
            cell_errors_add(errors, sums, outcomes, i, group, share);
        }
    }
    return cell_errors_average(errors, outcomes);
}
