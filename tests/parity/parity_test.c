/* SPDX-License-Identifier: MIT */
/* Features equal those of the tool that a profile is named after. If one of these claims fails, a
   user who moves from Kaldi, torchaudio or librosa to voq gets other units from the same recording.

       parity_test FOLDER            claims, one per configuration and tool (TAP)
       parity_test FOLDER --table    the table of measured errors in README.md */
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/parity/distance.h"
#include "tests/parity/vectors.h"
#include "voq.h"

#include <dirent.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

/* Of speech, against a tool; half of it against the double reference. */
static const struct distance speech_bound = {2e-5, 3e-4, 1e-3, INFINITY};

/* Silence, tones and clips have dimensions without power, where a share of RMS says nothing. What
   is left there is rounding, above all of c0: n_mel equal log energies, whose partial sums grow to
   c0 and are rounded at 2^-24 each, n_mel/2 * 2^-24 * |c0| in all. c0 is at most 77 for 23 filters
   at the natural floor, 5e-5, times 12 where a lifter follows; 1131 for 128 filters at -100 dB,
   4.3e-3. Half of these bounds holds against the double reference. */
static const struct distance natural_bound = {INFINITY, INFINITY, INFINITY, 1.2e-3};
static const struct distance decibel_bound = {INFINITY, INFINITY, INFINITY, 8.6e-3};

static const double speech_level_db = -50.0;
static const size_t speech_samples = 8000;

static const char *const tools[] = {"reference", "torchaudio", "kaldi-native-fbank", "librosa",
                                    "encoder"};
enum { REFERENCE, N_TOOL = sizeof tools / sizeof *tools };

/* Everything stored about one configuration, and where voq and the tools stand. */
struct config {
    char name[256];
    bool has[N_TOOL];
    struct vectors by_tool[N_TOOL];
    struct distance worst[N_TOOL];      /* voq to the tool, speech */
    struct distance worst_other[N_TOOL]; /* the same, other signals */
    struct distance tool[N_TOOL];       /* the tool to the reference, speech */
};

static const char *folder;
static struct config *current;
static size_t current_tool;

static bool is_speech(const float *x, size_t n)
{
    double square = 0;
    for (size_t i = 0; i < n; i++) square += (double)x[i] * (double)x[i];
    return n >= speech_samples && 10 * log10(square / (double)n) > speech_level_db;
}

static bool frontend_of(const struct vectors *v, voq_frontend *frontend)
{
    voq_error error = {.struct_size = sizeof error};
    if (voq_frontend_profile(v->profile, frontend) != VOQ_OK) {
        printf("# no profile %s\n", v->profile);
        return false;
    }
    for (size_t i = 0; i < v->n_setting; i++)
        if (voq_frontend_set(frontend, v->key[i], v->text[i], &error) != VOQ_OK) {
            printf("# %s=%s: %s\n", v->key[i], v->text[i], error.text);
            return false;
        }
    return true;
}

/* Features of a whole signal, [*n_frame][*dim]; NULL on failure. The caller frees. */
static float *features_of(const voq_frontend *frontend, const float *x, size_t n, size_t *n_frame,
                          size_t *dim)
{
    voq_error error = {.struct_size = sizeof error};
    voq_parts parts = {.struct_size = sizeof parts, .frontend = frontend, .name = "parity"};
    voq_info info = {.struct_size = sizeof info};
    voq_model *model = NULL;
    float *feature = NULL;
    if (voq_model_make(&parts, NULL, &model, &error) != VOQ_OK) {
        printf("# %s\n", error.text);
        return NULL;
    }
    size_t capacity = voq_encode_frames(model, n);
    if (voq_model_describe(model, &info) == VOQ_OK) {
        *dim = info.dim;
        feature = malloc((capacity * info.dim + 1) * sizeof *feature);
        if (voq_encode(model, NULL, x, n, FEATURES(feature, capacity), n_frame, &error) != VOQ_OK) {
            printf("# %s\n", error.text);
            free(feature);
            feature = NULL;
        }
    }
    voq_model_close(model);
    return feature;
}

static bool within(struct distance got, struct distance bound)
{
    return got.l2 <= bound.l2 && got.p999 <= bound.p999 && got.max <= bound.max &&
           got.absolute <= bound.absolute;
}

static void print_distance(const char *what, struct distance d)
{
    printf("#   %-10s L2 %.1e, 99.9%% %.1e, max %.1e, absolute %.1e\n", what, d.l2, d.p999, d.max,
           d.absolute);
}

/* Where a tool itself stands farther from the double reference than the bound (float32 noise in
   nearly empty filters), voq may stand as far from the reference as the farthest tool, twice as far
   for synthetic signals, and from the tool by both distances. */
static struct distance bound_of(const struct config *config, size_t tool, const char *signal,
                                bool speech, struct distance bound)
{
    const struct signal_vectors *reference = vectors_find(&config->by_tool[REFERENCE], signal);
    struct distance farthest = {0, 0, 0, 0}, own = farthest;
    for (size_t i = 1; i < N_TOOL; i++) {
        const struct signal_vectors *v =
            config->has[i] ? vectors_find(&config->by_tool[i], signal) : NULL;
        if (!v || v->n_frame != reference->n_frame) continue;
        struct distance d = distance_of(v->value, reference->value, v->n_frame, v->dim);
        farthest = distance_greater(farthest, d);
        if (i == tool) own = d;
    }
    struct distance allowed = distance_greater(distance_times(bound, 0.5),
                                               distance_times(farthest, speech ? 1.0 : 2.0));
    if (tool == REFERENCE) return allowed;
    return distance_greater(bound, distance_sum(allowed, own));
}

/* What voq gives for a stored signal. */
struct run {
    float *feature; /* [n_frame][dim] */
    size_t n_frame, dim;
    bool speech, decibel;
};

static bool run_signal(const struct vectors *vectors, const char *signal, struct run *run)
{
    size_t n;
    voq_frontend frontend = {.struct_size = sizeof frontend};
    *run = (struct run){.feature = NULL};
    if (!frontend_of(vectors, &frontend)) return false;
    float *x = signal_read(folder, signal, &n);
    if (!x) return false;
    run->speech = is_speech(x, n);
    run->decibel = frontend.log == VOQ_LOG_DECIBEL;
    run->feature = features_of(&frontend, x, n, &run->n_frame, &run->dim);
    free(x);
    return run->feature != NULL;
}

static void note_distances(struct config *config, size_t tool, const struct signal_vectors *signal,
                           bool speech, struct distance got)
{
    const struct signal_vectors *reference =
        vectors_find(&config->by_tool[REFERENCE], signal->name);
    struct distance *worst = speech ? &config->worst[tool] : &config->worst_other[tool];
    *worst = distance_greater(*worst, got);
    if (speech && tool != REFERENCE)
        config->tool[tool] = distance_greater(
            config->tool[tool],
            distance_of(signal->value, reference->value, signal->n_frame, signal->dim));
}

static void compare_signal(struct config *config, size_t tool, const struct signal_vectors *signal)
{
    struct run run;
    CHECK(vectors_find(&config->by_tool[REFERENCE], signal->name));
    CHECK(run_signal(&config->by_tool[tool], signal->name, &run));
    if (run.n_frame != signal->n_frame || (run.n_frame > 0 && run.dim != signal->dim)) {
        printf("# %s %s: %zu x %zu, not %zu x %zu\n", config->name, signal->name, run.n_frame,
               run.dim, signal->n_frame, signal->dim);
        check_state.failed = true;
        free(run.feature);
        return;
    }
    struct distance got = distance_of(run.feature, signal->value, run.n_frame, run.dim);
    free(run.feature);
    note_distances(config, tool, signal, run.speech, got);
    struct distance bound = run.speech    ? speech_bound
                            : run.decibel ? decibel_bound
                                          : natural_bound;
    bound = bound_of(config, tool, signal->name, run.speech, bound);
    if (within(got, bound)) return;
    printf("# %s %s %s:\n", config->name, tools[tool], signal->name);
    print_distance("is", got);
    print_distance("may be", bound);
    check_state.failed = true;
}

static void features_equal_the_tool(void)
{
    const struct vectors *vectors = &current->by_tool[current_tool];
    for (size_t i = 0; i < vectors->n_signal; i++)
        compare_signal(current, current_tool, &vectors->signal[i]);
    struct distance speech = current->worst[current_tool];
    printf("# %-22s %-18s L2 %.1e  99.9%% %.1e  max %.1e  other signals: absolute %.1e\n",
           current->name, tools[current_tool], speech.l2, speech.p999, speech.max,
           current->worst_other[current_tool].absolute);
}

/* False if the reference, every tool, or a part of a file is missing. */
static bool config_read(struct config *config, const char *name)
{
    size_t n_tool = 0;
    *config = (struct config){.has = {false}};
    snprintf(config->name, sizeof config->name, "%s", name);
    for (size_t i = 0; i < N_TOOL; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/vectors/%s.%s.vec", folder, name, tools[i]);
        if (access(path, F_OK) != 0) continue;
        config->has[i] = vectors_read(path, &config->by_tool[i]);
        if (!config->has[i]) return false;
        n_tool++;
    }
    return config->has[REFERENCE] && n_tool > 1;
}

static void config_free(struct config *config)
{
    for (size_t i = 0; i < N_TOOL; i++)
        if (config->has[i]) vectors_free(&config->by_tool[i]);
}

static void claim_config(struct config *config)
{
    char claim[320];
    current = config;
    for (current_tool = 0; current_tool < N_TOOL; current_tool++) {
        if (!config->has[current_tool]) continue;
        snprintf(claim, sizeof claim, "%s equals %s", config->name, tools[current_tool]);
        check_run(claim, features_equal_the_tool);
    }
}

/* A row of README.md's table: a profile and a tool, its defaults or all other settings. */
struct row {
    char profile[32];
    size_t tool, n_config;
    bool defaults;
    struct distance voq, own;
};

static struct row *row_of(struct row *row, size_t *n_row, const struct vectors *vectors,
                          size_t tool)
{
    bool defaults = vectors->n_setting == 0;
    for (size_t i = 0; i < *n_row; i++)
        if (row[i].tool == tool && row[i].defaults == defaults &&
            strcmp(row[i].profile, vectors->profile) == 0)
            return &row[i];
    struct row *added = &row[(*n_row)++];
    *added = (struct row){.tool = tool, .defaults = defaults};
    memcpy(added->profile, vectors->profile, sizeof added->profile);
    return added;
}

static void tabulate_config(struct config *config, struct row *row, size_t *n_row)
{
    for (size_t tool = 0; tool < N_TOOL; tool++) {
        if (!config->has[tool]) continue;
        const struct vectors *vectors = &config->by_tool[tool];
        for (size_t i = 0; i < vectors->n_signal; i++)
            compare_signal(config, tool, &vectors->signal[i]);
        struct row *r = row_of(row, n_row, vectors, tool);
        r->n_config++;
        r->voq = distance_greater(r->voq, config->worst[tool]);
        r->own = distance_greater(r->own, config->tool[tool]);
    }
}

static int by_profile(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    int order = strcmp(x->profile, y->profile);
    if (order == 0) order = y->defaults - x->defaults;
    return order ? order : (int)x->tool - (int)y->tool;
}

static void print_table(struct row *row, size_t n_row)
{
    qsort(row, n_row, sizeof *row, by_profile);
    printf("| profile | settings | compared with | L2 | 99.9 %% | max "
           "| its own L2 | 99.9 %% | max |\n|---|---|---|---|---|---|---|---|---|\n");
    for (const struct row *r = row; r < row + n_row; r++) {
        char settings[32] = "defaults";
        if (!r->defaults) snprintf(settings, sizeof settings, "%zu other", r->n_config);
        printf("| %s | %s | %s | %.1e | %.1e | %.1e |", r->profile, settings, tools[r->tool],
               r->voq.l2, r->voq.p999, r->voq.max);
        if (r->tool == REFERENCE)
            printf(" | | |\n");
        else
            printf(" %.1e | %.1e | %.1e |\n", r->own.l2, r->own.p999, r->own.max);
    }
}

static int is_reference(const struct dirent *entry)
{
    return strstr(entry->d_name, ".reference.vec") != NULL;
}

int main(int argc, char **argv)
{
    if (argc < 2) return 99;
    folder = argv[1];
    bool table = argc > 2 && strcmp(argv[2], "--table") == 0;
    char path[1024];
    struct dirent **entry;
    struct row row[5 * N_TOOL * 2];
    size_t n_row = 0;
    snprintf(path, sizeof path, "%s/vectors", folder);
    int n = scandir(path, &entry, is_reference, alphasort);
    if (n <= 0) return 99;
    for (int i = 0; i < n; i++) {
        struct config config;
        *strstr(entry[i]->d_name, ".reference.vec") = 0;
        if (!config_read(&config, entry[i]->d_name)) {
            printf("Bail out! the vectors of %s cannot be read\n", config.name);
            return 99;
        }
        if (table)
            tabulate_config(&config, row, &n_row);
        else
            claim_config(&config);
        config_free(&config);
        free(entry[i]);
    }
    free(entry);
    if (!table) return check_done();
    print_table(row, n_row);
    return 0;
}
