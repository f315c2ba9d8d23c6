/* SPDX-License-Identifier: MIT */
/* Tokens are grouped by context, phone and speaker (abx_sets.h). A cell consists of a group a, a
   group b of another phone and the same speaker, and a group x of the phone of a; its error is the
   rate at which an x is nearer to a b than to an a.

     score_share  scores all groups a of one phone and speaker; shares are independent
     score_a      prepares the frames of a, and of every b of its context, once
     score_x_set  for each group x: opens an outcome, compares every x, adds up the cells
     compare_x    computes the distances of one x to each a (but itself) and to each b, by DTW over
                  a matrix of frame distances (dtw.h, frame_distance.h)

   Outcomes (abx_outcomes.h) are kept for the bootstrap, unless there are too many. The errors of
   cells are averaged at the end, in an order that does not depend on threads. */
#include "tools/eval/abx.h"

#include "tools/base/growing.h"
#include "tools/base/parallel.h"
#include "tools/eval/abx_outcomes.h"
#include "tools/eval/abx_sets.h"
#include "tools/eval/dtw.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Memory of one thread. */
struct scratch {
    struct prepared_frames x, *y; /* y: tokens of one context and speaker, of a, then of b */
    size_t n_y, y_capacity;
    double *matrix;
    struct dtw_cell *row;
    struct outcome_distance *distance; /* of one x to the a, then to the b */
    struct outcome_sums sums;
    struct share_outcomes passing; /* one group, if outcomes are not kept */
    size_t matrix_capacity, row_capacity, distance_capacity;
};

struct run {
    const struct abx_task *task;
    struct abx_sets sets;
    struct scratch *scratch; /* [n_thread] */
    struct abx_cells cells;
    uint64_t n_distance, n_own; /* of all shares, of those to score */
    atomic_ullong n_done;
    pthread_mutex_t telling;
};

static void scratch_clear(struct scratch *s)
{
    prepared_frames_clear(&s->x);
    for (size_t i = 0; i < s->n_y; i++) prepared_frames_clear(&s->y[i]);
    free(s->y);
    free(s->matrix);
    free(s->row);
    free(s->distance);
    outcome_sums_clear(&s->sums);
    share_outcomes_clear(&s->passing);
}

static const struct abx_token *token_of(const struct run *run, const struct token_set *set,
                                        size_t i)
{
    return &run->task->token[run->sets.order[set->first + i]];
}

static bool prepare_set(const struct run *run, struct scratch *s, const struct token_set *set,
                        size_t at, struct failure *failure)
{
    if (!grow(&s->y, &s->y_capacity, at + set->n, sizeof *s->y, failure)) return false;
    for (size_t i = 0; i < set->n; i++) {
        if (at + i == s->n_y) s->y[s->n_y++] = (struct prepared_frames){0};
        if (!prepare_frames(&s->y[at + i], &token_of(run, set, i)->frames, run->task->dim,
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

/* Whether x is among the first max_x speakers, ordered by first token in the item file. */
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

static bool measure(const struct run *run, struct scratch *s, size_t y, double *d,
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

static void tell_progress(struct run *run, size_t n)
{
    unsigned long long done = atomic_fetch_add(&run->n_done, n) + n;
    if (!run->task->progress || pthread_mutex_trylock(&run->telling) != 0) return;
    run->task->progress(run->task->context, done, run->n_own);
    pthread_mutex_unlock(&run->telling);
}

static bool measure_token(const struct run *run, struct scratch *s, const struct token_set *set,
                          size_t i, uint32_t b, size_t y, struct outcome_distance *distance,
                          struct failure *failure)
{
    distance->b = b;
    distance->utterance = token_of(run, set, i)->utterance;
    return measure(run, s, y, &distance->d, failure);
}

/* Compares one x with every a and b of a context; y has the a first, then the b. */
static bool compare_x(struct run *run, struct scratch *s, struct share_outcomes *out,
                      const struct token_set *a, const struct token_set *x_set, size_t x,
                      struct failure *failure)
{
    const struct abx_token *token = token_of(run, x_set, x);
    size_t n = 0, y = a->n;
    if (!prepare_frames(&s->x, &token->frames, run->task->dim, run->task->distance, failure))
        return false;
    for (size_t i = 0; i < a->n; i++) {
        if (x_set == a && i == x) continue;
        if (!measure_token(run, s, a, i, OUTCOME_A, i, &s->distance[n++], failure)) return false;
    }
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *b = &run->sets.set[i];
        if (!is_b(b, a)) continue;
        for (size_t k = 0; k < b->n; k++)
            if (!measure_token(run, s, b, k, b->phone, y++, &s->distance[n++], failure))
                return false;
    }
    tell_progress(run, n);
    return outcomes_add_x(out, token->utterance, s->distance, n, failure);
}

static bool open_group(const struct run *run, struct share_outcomes *out,
                       const struct token_set *a, struct failure *failure)
{
    if (!outcomes_add_group(out, failure)) return false;
    for (size_t i = a->context_first; i < a->context_end; i++)
        if (is_b(&run->sets.set[i], a) && !outcomes_add_b(out, run->sets.set[i].phone, failure))
            return false;
    return true;
}

static bool score_x_set(struct run *run, struct scratch *s, size_t share,
                        const struct token_set *a, const struct token_set *x_set,
                        struct failure *failure)
{
    bool keeps = run->task->outcomes != NULL;
    struct share_outcomes *out = keeps ? &run->cells.outcomes.share[share] : &s->passing;
    if (x_set == a && a->n == 1) return true;
    if (!keeps) outcomes_forget(out);
    if (!open_group(run, out, a, failure)) return false;
    const size_t group = out->n_group - 1;
    outcome_sums_begin(&s->sums, out, &out->group[group]);
    for (size_t x = 0; x < x_set->n; x++) {
        if (!keeps) outcomes_forget_x(out);
        if (!compare_x(run, s, out, a, x_set, x, failure)) return false;
        outcome_sums_add(&s->sums, out, &out->x[out->n_x - 1], NULL);
    }
    cell_errors_add(&run->cells.errors, &s->sums, &run->cells.outcomes, share, &out->group[group],
                    out);
    return true;
}

/* Scores all cells with these tokens as a. */
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
    if (!grow(&s->distance, &s->distance_capacity, n_y, sizeof *s->distance, failure)) return false;
    for (size_t i = a->context_first; i < a->context_end; i++) {
        const struct token_set *x = &run->sets.set[i];
        if (is_x(run, x, a) && is_early_x(run, x, a) &&
            !score_x_set(run, s, share, a, x, failure))
            return false;
    }
    return true;
}

static bool is_own(const struct run *run, size_t share)
{
    return !run->task->n_rank || share % run->task->n_rank == run->task->rank;
}

static bool score_share(void *context, size_t worker, size_t i, struct failure *failure)
{
    struct run *run = context;
    const struct abx_share *share = &run->sets.share[i];
    if (!is_own(run, i)) return true;
    for (size_t k = share->first; k < share->end; k++)
        if (!score_a(run, &run->scratch[worker], i, &run->sets.set[run->sets.of_share[k]],
                     failure))
            return false;
    return true;
}

/* Counts the distances that one set as a needs. */
static uint64_t count_distances(const struct run *run, const struct token_set *a)
{
    uint64_t n_b = 0, n = 0;
    for (size_t i = a->context_first; i < a->context_end; i++)
        if (is_b(&run->sets.set[i], a)) n_b += run->sets.set[i].n;
    for (size_t i = a->context_first; n_b && i < a->context_end; i++) {
        const struct token_set *x = &run->sets.set[i];
        uint64_t n_a = x == a ? a->n - 1 : a->n;
        if (n_a && is_x(run, x, a) && is_early_x(run, x, a)) n += x->n * (n_a + n_b);
    }
    return n;
}

static void count_all(struct run *run)
{
    const struct abx_sets *sets = &run->sets;
    for (size_t i = 0; i < sets->n_share; i++)
        for (size_t k = sets->share[i].first; k < sets->share[i].end; k++) {
            uint64_t n = count_distances(run, &sets->set[sets->of_share[k]]);
            run->n_distance += n;
            if (is_own(run, i)) run->n_own += n;
        }
}

static bool start(struct run *run, size_t n_thread, struct failure *failure)
{
    const struct abx_sets *sets = &run->sets;
    struct abx_outcomes *outcomes = &run->cells.outcomes;
    run->scratch = zeroed(n_thread, sizeof *run->scratch, failure);
    if (!run->scratch || !outcomes_init(outcomes, sets->n_share, sets->n_phone, failure) ||
        !cell_errors_init(&run->cells.errors, outcomes, failure))
        return false;
    for (size_t i = 0; i < n_thread; i++)
        if (!outcome_sums_init(&run->scratch[i].sums, sets->n_phone, failure)) return false;
    for (size_t i = 0; i < sets->n_share; i++)
        outcomes->share[i].phone = sets->set[sets->of_share[sets->share[i].first]].phone;
    count_all(run);
    return true;
}

bool abx_error(const struct abx_task *given, double *error, struct failure *failure)
{
    struct abx_task task = *given;
    struct run run = {.task = &task, .telling = PTHREAD_MUTEX_INITIALIZER};
    struct abx_cells *cells = &run.cells;
    size_t n_thread = task.n_thread ? task.n_thread : 1;
    if (!abx_sets_make(&run.sets, &task, failure)) return false;
    bool good = start(&run, n_thread, failure);
    if (run.n_distance > ABX_MOST_OUTCOMES) task.outcomes = NULL;
    cells->has_outcomes = task.outcomes != NULL;
    good = good && parallel_for(run.sets.n_share, n_thread, score_share, &run, failure) &&
           (!task.cells || task.cells(task.cells_context, cells, failure));
    if (good) *error = cell_errors_average(&cells->errors, &cells->outcomes);
    if (good && task.outcomes) *task.outcomes = cells->outcomes;
    else outcomes_clear(&cells->outcomes);
    for (size_t i = 0; run.scratch && i < n_thread; i++) scratch_clear(&run.scratch[i]);
    free(run.scratch);
    cell_errors_clear(&cells->errors);
    abx_sets_clear(&run.sets);
    pthread_mutex_destroy(&run.telling);
    return good;
}
