/* SPDX-License-Identifier: MIT */
#include "tools/train/clustering.h"

#include "tools/train/minibatch.h"
#include "tools/train/residual.h"
#include "tools/train/seeding.h"

#include <stdlib.h>
#include <string.h>

static bool say_iteration(void *context, const struct lloyd_state *state,
                          const struct totals *totals, struct failure *failure)
{
    struct clustering *clustering = context;
    report_iteration(clustering->schedule, clustering->what, clustering->codebook,
                     clustering->iterations, state, totals);
    return iteration_log_write(&clustering->log, clustering->codebook, state, totals, failure);
}

static bool keep_state(void *context, const struct lloyd_state *state, const float *codeword,
                       struct failure *failure)
{
    (void)codeword; /* it is the last of the codebooks so far */
    const struct clustering *clustering = context;
    return !clustering->checkpoint->path || /* also of ranks other than the first */
           checkpoint_write(clustering->checkpoint, clustering->identity, clustering->stage,
                            clustering->front, clustering->codeword, clustering->codebook + 1,
                            clustering->n_code, state, failure);
}

static bool seed(struct clustering *clustering, float *codeword, struct failure *failure)
{
    struct seeding seeding = {.seed = clustering->settings->seed,
                              .part = clustering->part + clustering->codebook,
                              .n_code = clustering->n_code, .n_thread = clustering->n_thread};
    if (clustering->start) {
        seeding.n_given = clustering->start->n_code;
        memcpy(codeword, clustering->start->codeword,
               sizeof *codeword * seeding.n_given * clustering->start->dim);
        if (seeding.n_given == clustering->n_code) return true;
    }
    clustering->n_frame_sample = seeding_sample_size(clustering->frames, clustering->n_code);
    return seeding_run(clustering->frames, &seeding, codeword, failure);
}

/* Makes the codewords and the state from which Lloyd starts. */
static bool prepare(struct clustering *clustering, float *codeword, struct failure *failure)
{
    const struct settings *settings = clustering->settings;
    struct minibatch minibatch = {.seed = settings->seed,
                                  .part = clustering->part + clustering->codebook,
                                  .n_code = clustering->n_code, .n_batch = settings->batches,
                                  .batch_frames = settings->batch_frames, .cpu = settings->cpu};
    schedule_update(clustering->schedule, -1, 0, "choosing where to start");
    return seed(clustering, codeword, failure) &&
           (settings->batches == 0 ||
            minibatch_run(clustering->frames, &minibatch, codeword, failure));
}

static bool run_codebook(struct clustering *clustering, struct lloyd_state *state, bool seeded,
                         struct failure *failure)
{
    const struct settings *settings = clustering->settings;
    uint32_t dim = frames_dim(clustering->frames);
    size_t n_float = (size_t)clustering->n_code * dim;
    float *codeword = clustering->codeword + clustering->codebook * n_float;
    struct lloyd lloyd = {.n_code = clustering->n_code, .iterations = clustering->iterations,
                          .tolerance = settings->tolerance, .time_s = settings->time_s,
                          .memory = settings->memory_mb << 20, .n_thread = clustering->n_thread,
                          .cpu = settings->cpu, .report = say_iteration, .keep = keep_state,
                          .context = clustering};
    struct totals totals;
    enum lloyd_stop stop;
    schedule_next(clustering->schedule, SCHEDULE_CLUSTERING);
    if (!seeded && !(prepare(clustering, codeword, failure) &&
                     keep_state(clustering, state, codeword, failure)))
        return false;
    if (!totals_new(&totals, clustering->n_code, dim))
        return fail_memory(failure);
    bool good = lloyd_run(clustering->frames, &lloyd, state, codeword, &totals, &stop, failure);
    if (good) clustering->outcome[clustering->codebook] = outcome_of(state, &totals, stop);
    totals_free(&totals);
    return good;
}

/* The first rank writes the log. */
static bool open_log(struct clustering *clustering, struct failure *failure)
{
    const struct checkpoint *resumed = clustering->resumed;
    if (!ranks_is_first(frames_ranks(clustering->frames))) return true;
    return iteration_log_open(&clustering->log, clustering->log_path,
                              resumed ? resumed->parts.n_codebook - 1 : 0,
                              resumed ? resumed->state.iteration : 0, failure);
}

bool clustering_run(struct clustering *clustering, struct failure *failure)
{
    uint32_t dim = frames_dim(clustering->frames), n_code = clustering->n_code;
    size_t n_float = (size_t)n_code * dim;
    struct lloyd_state state = {0};
    clustering->codeword = calloc(clustering->n_codebook * n_float, sizeof(float));
    clustering->outcome = calloc(clustering->n_codebook, sizeof *clustering->outcome);
    if (!clustering->codeword || !clustering->outcome)
        return fail_memory(failure);
    if (!open_log(clustering, failure)) return false;
    uint32_t n_resumed = 0; /* codebooks, the last being the current one */
    if (clustering->resumed) {
        state = clustering->resumed->state;
        if (!checkpoint_take(clustering->resumed, clustering->codeword, clustering->n_codebook,
                             n_code, dim, &n_resumed, failure))
            return false;
    }
    for (uint32_t b = 0; b < clustering->n_codebook; b++) {
        clustering->codebook = b;
        if (b + 1 < n_resumed)
            clustering->outcome[b].earlier = true;
        else if (!run_codebook(clustering, &state, b + 1 == n_resumed, failure))
            return false;
        else
            state = (struct lloyd_state){0};
        if (b + 1 < clustering->n_codebook &&
            !residual_subtract(clustering->frames, clustering->codeword + b * n_float, n_code,
                               clustering->n_thread, failure))
            return false;
    }
    return true;
}

void clustering_free(struct clustering *clustering)
{
    free(clustering->codeword);
    free(clustering->outcome);
    line_log_close(&clustering->log);
    clustering->codeword = NULL;
    clustering->outcome = NULL;
}
