/* SPDX-License-Identifier: MIT */
/* One step: forward, losses, backward, clipping, optimizer, codebook. */
#include "tools/learn/learner_losses.h"
#include "tools/learn/learner_rows.h"
#include "tools/learn/loss.h"
#include "tools/learn/parameters.h"

#include <float.h>
#include <math.h>
#include <string.h>

static struct pass pass_of(const struct learner *learner, const struct batch *batch, const float *x,
                           enum network_mode mode)
{
    return (struct pass){.x = x, .n_step = batch->n_step, .n_piece = batch->n_piece,
                         .length = batch->length, .speaker = batch->speaker, .mode = mode,
                         .seed = learner->options.seed + learner->n_step};
}

static size_t widest(const struct learner *learner)
{
    const struct learner_options *options = &learner->options;
    const struct network *decoder = learner->learned[LEARNER_DECODER].network;
    size_t most = options->quantizer.dim;
    if (decoder && decoder->out_dim > most) most = decoder->out_dim;
    for (size_t h = 0; h < options->n_head; h++)
        if (options->n_class[h] > most) most = options->n_class[h];
    return most;
}

/* Finds the rows of a batch and makes room for their arrays. */
static bool find_rows(struct learner *learner, const struct batch *batch, struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    const struct quantizer_options *quantizer = &learner->options.quantizer;
    const struct network *encoder = learner_encoder(learner);
    size_t n_step = batch->n_step / encoder->stride;
    if (!learner_rows_lengths(scratch, batch->length, batch->n_piece, encoder, failure) ||
        !dense_rows_find(&learner->rows, n_step, batch->n_piece, scratch->length, failure))
        return false;
    const struct learner_sizes sizes = {
        .n = learner->rows.n, .n_all = n_step * batch->n_piece, .dim = quantizer->dim,
        .widest = widest(learner), .n_codebook = quantizer->n_codebook};
    return learner_rows_fit(scratch, &sizes, failure);
}

static bool latents(struct learner *learner, const struct pass *pass, float *dense,
                    struct failure *failure)
{
    const float *z = network_forward(learner_encoder(learner), learner->workers, pass, failure);
    if (z) dense_rows_gather(&learner->rows, z, learner->options.quantizer.dim, dense);
    return z != NULL;
}

const float *learner_latents(struct learner *learner, const struct batch *batch,
                             struct failure *failure)
{
    struct pass pass = pass_of(learner, batch, batch->x, NETWORK_EVAL);
    bool good = find_rows(learner, batch, failure) &&
                latents(learner, &pass, learner->scratch->z, failure);
    return good ? learner->scratch->z : NULL;
}

/* The latents, and before them those of the clean copy, without dropout. */
static bool forward(struct learner *learner, const struct batch *batch, const struct pass *pass,
                    struct failure *failure)
{
    if (!find_rows(learner, batch, failure)) return false;
    if (learner->options.consistency > 0 && batch->clean) {
        struct pass clean = pass_of(learner, batch, batch->clean, NETWORK_EVAL);
        if (!latents(learner, &clean, learner->scratch->clean, failure)) return false;
    }
    return latents(learner, pass, learner->scratch->z, failure);
}

static void backward(struct learner *learner, const struct pass *pass)
{
    struct learner_rows *scratch = learner->scratch;
    dense_rows_scatter(&learner->rows, scratch->dz, learner->options.quantizer.dim,
                       scratch->padded);
    network_backward(learner_encoder(learner), learner->workers, pass, scratch->padded, NULL);
}

/* Of everything that the optimizers move. */
static double gradient_norm(struct learner *learner)
{
    double square = 0;
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) {
        const struct network *network = learner->learned[i].network;
        if (!network) continue;
        double norm = parameters_norm(learner->workers, network->gradient, network->n_parameter);
        square += norm * norm;
    }
    double norm = parameters_norm(learner->workers, learner->quantizer.gradient,
                                  learner->codebook.n);
    return sqrt(square + norm * norm);
}

static void move(struct learner *learner, double rate, double share)
{
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) {
        struct learned_network *learned = &learner->learned[i];
        if (learned->network)
            adamw_step(&learned->adamw, rate, learned->network->gradient, share,
                       learned->network->parameter);
    }
    if (learner->quantizes && learner->codebook.n > 0)
        adamw_step(&learner->codebook, rate, learner->quantizer.gradient, share,
                   learner->quantizer.codeword);
}

static void clear_gradients(struct learner *learner)
{
    for (size_t i = 0; i < LEARNER_NETWORKS; i++) {
        struct network *network = learner->learned[i].network;
        if (network) memset(network->gradient, 0, network->n_parameter * sizeof(float));
    }
    if (learner->codebook.n > 0)
        memset(learner->quantizer.gradient, 0, learner->codebook.n * sizeof(float));
}

static bool is_finite(double x)
{
    return x >= -DBL_MAX && x <= DBL_MAX;
}

bool learner_step(struct learner *learner, const struct batch *batch, double rate,
                  struct learner_report *report, struct failure *failure)
{
    struct pass pass = pass_of(learner, batch, batch->x, NETWORK_TRAIN);
    struct learner_rows *scratch = learner->scratch;
    clear_gradients(learner);
    if (!forward(learner, batch, &pass, failure)) return false;
    if (learner->rows.n == 0) return true; /* too short for a unit */
    if (!learner_losses(learner, batch, report, failure)) return false;
    backward(learner, &pass);
    double norm = gradient_norm(learner);
    if (!is_finite(norm) || !is_finite(report->loss))
        return fail(failure, EXIT_USAGE, "the training diverged in step %llu: a value is not "
                    "finite; start again with a lower --learning-rate, or lower weights if any "
                    "were given",
                    (unsigned long long)learner->n_step + 1);
    move(learner, rate, clipped_share(norm, learner->options.gradient_most));
    learner->n_step++;
    return !learner->quantizes || quantizer_learn(&learner->quantizer, scratch->z, scratch->id,
                                                  learner->rows.n, failure);
}
