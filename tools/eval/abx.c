/* SPDX-License-Identifier: MIT */
#include "tools/eval/abx.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"
#include "tools/eval/abx_sets.h"
#include "tools/eval/dtw.h"

#include <math.h>
#include <stdlib.h>

/* One thread's memory. */
struct scratch {
    struct prepared_frames x, *y; /* y: the tokens of one context and speaker: of a, then of b */
    size_t n_y, y_capacity;
    double *matrix;
    struct dtw_cell *row;
    double *to_a; /* distances from x, ascending */
    uint64_t *half_wins; /* [sets of the context]: 2 a triplet won, 1 a tie */
    size_t matrix_capacity, row_capacity, to_a_capacity, half_wins_capacity;
};

struct run {
    const struct abx_task *task;
    struct abx_sets sets;
    struct scratch *scratch; /* [n_thread] */
    double *error_sum;       /* [n_share][n_phone]: over contexts and speakers of x */
    uint64_t *n_error;       /* [n_share][n_phone] */
};

static void scratch_clear(struct scratch *s)
{
    prepared_frames_clear(&s->x);
    for (size_t i = 0; i < s->n_y; i++) prepared_frames_clear(&s->y[i]);
    free(s->y);
    free(s->matrix);
    free(s->row);
    free(s->to_a);
    free(s->half_wins);
}

static const struct frames *frames_of(const struct run *run, const struct token_set *set, size_t i)
{
    return &run->task->token[run->sets.order[set->first + i]].frames;
}

static bool prepare_set(const struct run *run, struct scratch *s, const struct token_set *set,
                        size_t at, struct failure *failure)
{
    if (!grow(&s->y, &s->y_capacity, at + set->n, sizeof *s->y, failure)) return false;
    for (size_t i = 0; i < set->n; i++) {
        if (at + i == s->n_y) s->y[s->n_y++] = (struct prepared_frames){0};
        if (!prepare_frames(&s->y[at + i], frames_of(run, set, i), run->task->dim,
                            run->task->distance, failure))
            return false;
    }
    return true;
}

static bool is_b(const struct token_set *set, const struct token_set *a)
{
    return set->speaker == a->speaker && set->phone != a->phone;
}

static bool is_x(const struct run *run, const struct token_set *set, const struct token_set *a)
{
    return set->phone == a->phone &&
           (set->speaker != a->speaker) == run->task->across_speaker;
}

/* Among the first max_x speakers of x, by their first token's place in the item file? */
static bool is_early_x(const struct run *run, const struct token_set *x, const struct token_set *a)
{
    const size_t *order = run->sets.order;
    uint32_t n_earlier = 0;
    if (!run->task->max_x) return true;
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *other = &run->sets.set[i];
        n_earlier += is_x(run, other, a) && order[other->first] < order[x->first];
    }
    return n_earlier < run->task->max_x;
}

static bool distance(const struct run *run, struct scratch *s, size_t y, double *d,
                     struct failure *failure)
{
    const struct prepared_frames *other = &s->y[y];
    if (!grow(&s->matrix, &s->matrix_capacity, s->x.n * other->stride, sizeof *s->matrix,
              failure) ||
        !grow(&s->row, &s->row_capacity, other->n, sizeof *s->row, failure))
        return false;
    distance_matrix(run->task->distance, &s->x, other, run->task->dim, s->matrix);
    *d = dtw(s->matrix, s->x.n, other->n, other->stride, s->row);
    return true;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Twice the entries of sorted[n] below d, plus those equal to it. */
static uint64_t half_wins(const double *sorted, size_t n, double d)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sorted[middle] < d) low = middle + 1;
        else high = middle;
    }
    uint64_t half = 2 * low;
    for (; low < n && sorted[low] == d; low++) half++;
    return half;
}

/* One x against every a and b of a context; a is y[0..], the b follow. */
static bool compare_x(const struct run *run, struct scratch *s, const struct token_set *a,
                      const struct token_set *x_set, size_t x, struct failure *failure)
{
    size_t n_a = 0, y = a->n;
    if (!prepare_frames(&s->x, frames_of(run, x_set, x), run->task->dim, run->task->distance,
                        failure))
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (x_set == a && i == x) continue;
        if (!distance(run, s, i, &s->to_a[n_a], failure)) return false;
        n_a++;
    }
    qsort(s->to_a, n_a, sizeof *s->to_a, by_value);
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *b = &run->sets.set[i];
        if (!is_b(b, a)) continue;
        for (size_t k = 0; k < b->n; k++) {
            double d;
            if (!distance(run, s, y++, &d, failure)) return false;
            s->half_wins[i - a->context_first] += half_wins(s->to_a, n_a, d);
        }
    }
    return true;
}

static bool score_x_set(struct run *run, struct scratch *s, size_t share,
                        const struct token_set *a, const struct token_set *x_set,
                        struct failure *failure)
{
    uint64_t n_a = x_set == a ? a->n - 1 : a->n;
    if (n_a == 0) return true;
    for (size_t i = 0; i < a->context_end - a->context_first; i++) s->half_wins[i] = 0;
    for (size_t x = 0; x < x_set->n; x++)
        if (!compare_x(run, s, a, x_set, x, failure)) return false;
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *b = &run->sets.set[i];
        if (!is_b(b, a)) continue;
        double triplets = (double)n_a * (double)b->n * (double)x_set->n;
        size_t slot = share * run->sets.n_phone + b->phone;
        run->error_sum[slot] += 1 - (double)s->half_wins[i - a->context_first] / (2 * triplets);
        run->n_error[slot]++;
    }
    return true;
}

/* All cells with these tokens as a. */
static bool score_a(struct run *run, struct scratch *s, size_t share, const struct token_set *a,
                    struct failure *failure)
{
    size_t n_y = a->n, n_x = 0;
    for (size_t i = a->context_first; i < a->context_end; i++)
        n_x += is_x(run, &run->sets.set[i], a);
    if (!n_x || !prepare_set(run, s, a, 0, failure)) return !n_x;
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *b = &run->sets.set[i];
        if (!is_b(b, a)) continue;
        if (!prepare_set(run, s, b, n_y, failure)) return false;
        n_y += b->n;
    }
    if (n_y == a->n) return true;
    if (!grow(&s->to_a, &s->to_a_capacity, a->n, sizeof *s->to_a, failure) ||
        !grow(&s->half_wins, &s->half_wins_capacity, a->context_end - a->context_first,
              sizeof *s->half_wins, failure))
        return false;
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *x = &run->sets.set[i];
        if (is_x(run, x, a) && is_early_x(run, x, a) &&
            !score_x_set(run, s, share, a, x, failure))
            return false;
    }
    return true;
}

static bool score_share(void *context, size_t worker, size_t i, struct failure *failure)
{
    struct run *run = context;
    const struct abx_share *share = &run->sets.share[i];
    for (size_t k = share->first; k < share->end; k++)
        if (!score_a(run, &run->scratch[worker], i, &run->sets.set[run->sets.of_share[k]],
                     failure))
            return false;
    return true;
}

/* Means over the speakers of a, then over the pairs of phones; shares lie by phone, speaker. */
static double average(const struct run *run)
{
    const struct abx_sets *sets = &run->sets;
    double sum = 0;
    uint64_t n = 0;
    for (size_t first = 0, end; first < sets->n_share; first = end) {
        uint32_t phone = sets->set[sets->of_share[sets->share[first].first]].phone;
        for (end = first; end < sets->n_share; end++)
            if (sets->set[sets->of_share[sets->share[end].first]].phone != phone) break;
        for (uint32_t b = 0; b < sets->n_phone; b++) {
            double pair_sum = 0;
            uint64_t n_speaker = 0;
            for (size_t i = first; i < end; i++) {
                size_t slot = i * sets->n_phone + b;
                if (!run->n_error[slot]) continue;
                pair_sum += run->error_sum[slot] / (double)run->n_error[slot];
                n_speaker++;
            }
            if (!n_speaker) continue;
            sum += pair_sum / (double)n_speaker;
            n++;
        }
    }
    return n ? sum / (double)n : (double)NAN;
}

bool abx_error(const struct abx_task *task, double *error, struct failure *failure)
{
    struct run run = {.task = task};
    size_t n_thread = task->n_thread ? task->n_thread : 1;
    if (!abx_sets_make(&run.sets, task, failure)) return false;
    size_t n_slot = run.sets.n_share * run.sets.n_phone;
    run.scratch = zeroed(n_thread, sizeof *run.scratch, failure);
    run.error_sum = zeroed(n_slot, sizeof *run.error_sum, failure);
    run.n_error = zeroed(n_slot, sizeof *run.n_error, failure);
    bool good = run.scratch && run.error_sum && run.n_error &&
                parallel_for(run.sets.n_share, n_thread, score_share, &run, failure);
    if (good) *error = average(&run);
    for (size_t i = 0; run.scratch && i < n_thread; i++) scratch_clear(&run.scratch[i]);
    free(run.scratch);
    free(run.error_sum);
    free(run.n_error);
    abx_sets_clear(&run.sets);
    return good;
}
