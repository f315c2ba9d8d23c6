/* SPDX-License-Identifier: MIT */
#include "tools/eval/bootstrap.h"

#include "tools/base/parallel.h"
#include "tools/base/growing.h"
#include "tools/eval/information.h"

#include <math.h>
#include <stdlib.h>

enum { N_ABX = BOOTSTRAP_METRICS - BOOTSTRAP_ABX_WITHIN };

const struct bootstrap_name bootstrap_name[BOOTSTRAP_METRICS] = {
    {"all", "pnmi", "pnmi", true},
    {"speech", "pnmi", "pnmi, speech", true},
    {"abx", "within_speaker_within_context", "abx within", false},
    {"abx", "across_speaker_within_context", "abx across", false},
    {"abx_features", "within_speaker_within_context", "features within", false},
    {"abx_features", "across_speaker_within_context", "features across", false},
};

/* Memory of one thread. */
struct scratch {
    uint32_t *weight; /* [utterances] */
    struct pnmi_scratch pnmi;
    struct outcome_sums sums[N_ABX];
    struct cell_errors errors[N_ABX];
};

struct run {
    struct bootstrap *bootstrap;
    const struct bootstrap_evidence *evidence;
    const struct resampling *resampling;
    struct scratch *scratch; /* [n_thread] */
};

void bootstrap_evidence_clear(struct bootstrap_evidence *evidence)
{
    weighted_counts_clear(&evidence->phones);
    for (int i = 0; i < N_ABX; i++) outcomes_clear(&evidence->abx[i]);
}

static bool scratch_init(struct scratch *s, const struct run *run, struct failure *failure)
{
    const struct bootstrap_evidence *evidence = run->evidence;
    s->weight = zeroed(run->resampling->utterances.n, sizeof *s->weight, failure);
    if (!s->weight || !pnmi_scratch_init(&s->pnmi, &evidence->phones, failure)) return false;
    for (int i = 0; i < N_ABX; i++)
        if (!outcome_sums_init(&s->sums[i], evidence->abx[i].n_phone, failure) ||
            !cell_errors_init(&s->errors[i], &evidence->abx[i], failure))
            return false;
    return true;
}

static void scratch_clear(struct scratch *s)
{
    free(s->weight);
    pnmi_scratch_clear(&s->pnmi);
    for (int i = 0; i < N_ABX; i++) {
        outcome_sums_clear(&s->sums[i]);
        cell_errors_clear(&s->errors[i]);
    }
}

/* Computes the scores with the weights in s; NaN without evidence. */
static void weigh(const struct run *run, struct scratch *s, double score[BOOTSTRAP_METRICS])
{
    for (int m = 0; m < BOOTSTRAP_METRICS; m++) score[m] = (double)NAN;
    if (run->evidence->phones.n_cell)
        weighted_pnmi(&run->evidence->phones, s->weight, &s->pnmi, &score[BOOTSTRAP_PNMI],
                      &score[BOOTSTRAP_PNMI_SPEECH]);
    for (int i = 0; i < N_ABX; i++)
        score[BOOTSTRAP_ABX_WITHIN + i] =
            outcomes_error(&run->evidence->abx[i], s->weight, &s->sums[i], &s->errors[i]);
}

static bool weigh_draw(void *context, size_t worker, size_t draw, struct failure *failure)
{
    struct run *run = context;
    struct scratch *s = &run->scratch[worker];
    double score[BOOTSTRAP_METRICS];
    (void)failure;
    resampling_draw(run->resampling, (uint32_t)draw, s->weight);
    weigh(run, s, score);
    for (int m = 0; m < BOOTSTRAP_METRICS; m++)
        if (run->bootstrap->value[m]) run->bootstrap->value[m][draw] = score[m];
    return true;
}

static void remove_bias(struct bootstrap *b, int m, double whole)
{
    double sum = 0;
    uint32_t n = 0;
    for (uint32_t i = 0; i < b->n_draw; i++) {
        if (!isfinite(b->value[m][i])) continue;
        sum += b->value[m][i];
        n++;
    }
    b->bias[m] = ratio(sum, n) - whole;
    for (uint32_t i = 0; i < b->n_draw; i++) b->value[m][i] -= b->bias[m];
}

/* A draw has fewer distinct utterances than the corpus, and scores of fewer utterances are biased,
   mutual information upward. Uncorrected, the interval might not contain the score itself. */
static void remove_biases(struct run *run)
{
    double whole[BOOTSTRAP_METRICS];
    for (uint32_t i = 0; i < run->resampling->utterances.n; i++) run->scratch[0].weight[i] = 1;
    weigh(run, &run->scratch[0], whole);
    for (int m = 0; m < BOOTSTRAP_METRICS; m++)
        if (run->bootstrap->value[m]) remove_bias(run->bootstrap, m, whole[m]);
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The quantile q of sorted[n], with linear interpolation; NaN if n is 0. */
static double quantile(const double *sorted, size_t n, double q)
{
    if (!n) return (double)NAN;
    double place = q * (double)(n - 1);
    size_t i = (size_t)place;
    return i + 1 < n ? sorted[i] + (place - (double)i) * (sorted[i + 1] - sorted[i]) : sorted[i];
}

/* Finds the central 95 % interval of value[n], which is sorted. */
static void find_interval(double *value, size_t n, double *low, double *high)
{
    qsort(value, n, sizeof *value, by_value);
    *low = quantile(value, n, 0.025);
    *high = quantile(value, n, 0.975);
}

static bool find_intervals(struct bootstrap *b, struct failure *failure)
{
    double *sorted = zeroed(b->n_draw, sizeof *sorted, failure);
    if (!sorted) return false;
    for (int m = 0; m < BOOTSTRAP_METRICS; m++) {
        size_t n = 0;
        for (uint32_t i = 0; b->value[m] && i < b->n_draw; i++)
            if (isfinite(b->value[m][i])) sorted[n++] = b->value[m][i];
        find_interval(sorted, n, &b->low[m], &b->high[m]);
    }
    free(sorted);
    return true;
}

static bool has_evidence(const struct bootstrap_evidence *evidence, int metric)
{
    return metric < BOOTSTRAP_ABX_WITHIN
               ? evidence->phones.n_cell > 0
               : evidence->abx[metric - BOOTSTRAP_ABX_WITHIN].n_share > 0;
}

static bool start(struct run *run, size_t n_thread, struct failure *failure)
{
    struct bootstrap *b = run->bootstrap;
    for (int m = 0; m < BOOTSTRAP_METRICS; m++) {
        if (!has_evidence(run->evidence, m)) continue;
        b->value[m] = zeroed(b->n_draw, sizeof *b->value[m], failure);
        if (!b->value[m]) return false;
    }
    run->scratch = zeroed(n_thread, sizeof *run->scratch, failure);
    for (size_t i = 0; run->scratch && i < n_thread; i++)
        if (!scratch_init(&run->scratch[i], run, failure)) return false;
    return run->scratch != NULL;
}

bool bootstrap_run(struct bootstrap *bootstrap, const struct bootstrap_evidence *evidence,
                   const struct resampling *resampling, size_t n_thread, struct failure *failure)
{
    struct run run = {.bootstrap = bootstrap, .evidence = evidence, .resampling = resampling};
    *bootstrap = (struct bootstrap){.n_draw = resampling->n_draw};
    bool good = start(&run, n_thread, failure) &&
                parallel_for(bootstrap->n_draw, n_thread, weigh_draw, &run, failure);
    if (good) remove_biases(&run);
    good = good && find_intervals(bootstrap, failure);
    for (size_t i = 0; run.scratch && i < n_thread; i++) scratch_clear(&run.scratch[i]);
    free(run.scratch);
    if (!good) bootstrap_clear(bootstrap);
    return good;
}

void bootstrap_clear(struct bootstrap *bootstrap)
{
    for (int m = 0; m < BOOTSTRAP_METRICS; m++) free(bootstrap->value[m]);
    *bootstrap = (struct bootstrap){0};
}

bool bootstrap_compare(const struct bootstrap *first, const struct bootstrap *second,
                       enum bootstrap_metric metric, struct bootstrap_contest *contest,
                       struct failure *failure)
{
    const double *a = first->value[metric], *b = second->value[metric];
    double *difference = zeroed(first->n_draw, sizeof *difference, failure);
    uint32_t n = 0, n_above = 0, n_below = 0;
    if (!difference) return false;
    for (uint32_t i = 0; a && b && i < first->n_draw; i++) {
        if (!isfinite(a[i]) || !isfinite(b[i])) continue;
        difference[n++] = a[i] - b[i];
        n_above += a[i] > b[i];
        n_below += a[i] < b[i];
    }
    bool up = bootstrap_name[metric].higher_is_better;
    *contest = (struct bootstrap_contest){.n = n, .first_better = ratio(up ? n_above : n_below, n),
                                          .second_better = ratio(up ? n_below : n_above, n)};
    find_interval(difference, n, &contest->low, &contest->high);
    free(difference);
    return true;
}
