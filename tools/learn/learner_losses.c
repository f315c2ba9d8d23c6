/* SPDX-License-Identifier: MIT */
#include "tools/learn/learner_losses.h"

#include "tools/learn/learner_rows.h"
#include "tools/learn/loss.h"
#include "tools/learn/time_jitter.h"

#include <string.h>

static void take_weights(const struct learner *learner, const struct batch *batch)
{
    struct learner_rows *scratch = learner->scratch;
    for (size_t i = 0; i < learner->rows.n; i++)
        scratch->weight[i] = batch->weight[learner->rows.at[i] % batch->n_piece];
}

static void add_to(float *sum, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++) sum[i] += x[i];
}

/* Adds the cross-entropy of one kind of label given x to the report and its gradient to dx. */
static bool label_loss(struct learner *learner, size_t h, const float *x, double share, float *dx,
                       struct label_loss *result, struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    struct network *head = learner->learned[LEARNER_FIRST_HEAD + h].network;
    uint32_t n = (uint32_t)learner->rows.n;
    const struct pass pass = {.x = x, .n_step = n, .n_piece = 1, .length = &n,
                              .mode = NETWORK_TRAIN};
    const struct loss_rows rows = {n, head->out_dim, scratch->weight};
    const float *logits = network_forward(head, learner->workers, &pass, failure);
    if (!logits) return false;
    cross_entropy(learner->workers, &rows, logits, scratch->label,
                  (float)learner->options.smoothing, (float)share, scratch->wide, result);
    network_backward(head, learner->workers, &pass, scratch->wide, scratch->target);
    add_to(dx, scratch->target, n * (size_t)head->in_dim);
    return true;
}

/* The labels of units, from those of frames. */
static void take_labels(const struct learner *learner, const struct batch *batch, size_t h)
{
    size_t stride = learner->learned[LEARNER_ENCODER].network->stride, n_piece = batch->n_piece;
    for (size_t i = 0; i < learner->rows.n; i++) {
        size_t unit = learner->rows.at[i] / n_piece, piece = learner->rows.at[i] % n_piece;
        size_t row = frame_of_unit(unit, stride) * n_piece + piece;
        learner->scratch->label[i] = batch->label[h][row];
    }
}

static bool label_losses(struct learner *learner, const struct batch *batch,
                         struct learner_report *report, struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    const struct learner_options *options = &learner->options;
    struct label_loss result;
    for (size_t h = 0; h < options->n_head; h++) {
        double code_share = .5 * options->head_code_weight[h], share = .5 * options->head_weight[h];
        if (!learner->quantizes) share += code_share;
        take_labels(learner, batch, h);
        if (!label_loss(learner, h, scratch->z, share, scratch->dz, &result, failure))
            return false;
        report->label[h] += result.loss * (double)result.n_row;
        report->loss += share * result.loss * (double)learner->rows.n;
        if (learner->quantizes && code_share > 0) {
            if (!label_loss(learner, h, scratch->z_q, code_share, scratch->dz_q, &result, failure))
                return false;
            report->label_quantized[h] += result.loss * (double)result.n_row;
            report->n_labelled_quantized[h] += (double)result.n_row;
            report->loss += code_share * result.loss * (double)learner->rows.n;
        }
        report->n_labelled[h] += (double)result.n_row;
        report->n_correct[h] += (double)result.n_correct;
    }
    return true;
}

/* target[n][stride * in_dim]: the frames that each unit stands for. */
static void take_targets(const struct learner *learner, const struct batch *batch, size_t in_dim,
                         size_t stride, float *target)
{
    const float *x = batch->clean ? batch->clean : batch->x;
    for (size_t i = 0; i < learner->rows.n; i++) {
        size_t step = learner->rows.at[i] / batch->n_piece * stride;
        size_t piece = learner->rows.at[i] % batch->n_piece;
        for (size_t j = 0; j < stride; j++, target += in_dim)
            memcpy(target, x + ((step + j) * batch->n_piece + piece) * in_dim,
                   in_dim * sizeof *x);
    }
}

/* The squared error of the decoder, which sees x with time jitter; its gradient goes to dx. */
static bool reconstruction(struct learner *learner, const struct batch *batch, const float *x,
                           float *dx, struct learner_report *report, struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    struct network *decoder = learner->learned[LEARNER_DECODER].network;
    const struct network *encoder = learner->learned[LEARNER_ENCODER].network;
    const struct dense_rows *dense = &learner->rows;
    size_t n_step = batch->n_step / encoder->stride, dim = encoder->out_dim;
    const struct pass pass = {.x = scratch->padded, .n_step = n_step, .n_piece = batch->n_piece,
                              .length = scratch->length, .speaker = batch->speaker,
                              .mode = NETWORK_TRAIN, .seed = learner->n_step};
    const struct loss_rows rows = {dense->n, decoder->out_dim, scratch->weight};
    if (!time_jitter_draw(dense, batch->n_piece, learner->options.jitter, learner->options.seed,
                          learner->n_step, scratch->from, failure))
        return false;
    time_jitter_apply(scratch->from, dense->n, dim, x, scratch->jittered);
    memset(scratch->padded, 0, n_step * batch->n_piece * dim * sizeof *x);
    dense_rows_scatter(dense, scratch->jittered, dim, scratch->padded);
    const float *y = network_forward(decoder, learner->workers, &pass, failure);
    if (!y) return false;
    take_targets(learner, batch, encoder->in_dim, encoder->stride, scratch->target);
    dense_rows_gather(dense, y, decoder->out_dim, scratch->wide);
    double error = squared_error(learner->workers, &rows, scratch->wide, scratch->target, 1,
                                 scratch->wide);
    dense_rows_scatter(dense, scratch->wide, decoder->out_dim, scratch->wide_padded);
    network_backward(decoder, learner->workers, &pass, scratch->wide_padded, scratch->padded);
    dense_rows_gather(dense, scratch->padded, dim, scratch->jittered);
    time_jitter_backward(scratch->from, dense->n, dim, scratch->jittered, dx);
    report->reconstruction += error * (double)dense->n;
    report->loss += error * (double)dense->n;
    return true;
}

static bool objective(struct learner *learner, const struct batch *batch,
                      struct learner_report *report, struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    if (learner->options.n_head > 0) return label_losses(learner, batch, report, failure);
    return learner->quantizes
               ? reconstruction(learner, batch, scratch->z_q, scratch->dz_q, report, failure)
               : reconstruction(learner, batch, scratch->z, scratch->dz, report, failure);
}

static bool commitment(struct learner *learner, struct learner_report *report,
                       struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    size_t n = learner->rows.n, dim = learner->options.quantizer.dim;
    double loss[LEARNER_CODEBOOKS];
    add_to(scratch->dz, scratch->dz_q, n * dim); /* straight through */
    if (!quantizer_commitment(&learner->quantizer, learner->workers, scratch->z, scratch->id, n, 1,
                              scratch->dz, loss, failure))
        return false;
    for (uint32_t l = 0; l < learner->options.quantizer.n_codebook; l++) {
        report->commitment[l] += loss[l] * (double)n;
        report->loss += learner->options.quantizer.commitment * loss[l] * (double)n;
    }
    report->n_quantized += (double)n;
    return true;
}

static void consistency(struct learner *learner, struct learner_report *report)
{
    struct learner_rows *scratch = learner->scratch;
    const struct loss_rows rows = {learner->rows.n, learner->options.quantizer.dim,
                                   scratch->weight};
    double weight = learner->options.consistency;
    double error = squared_error(learner->workers, &rows, scratch->z, scratch->clean,
                                 (float)weight, scratch->clean);
    add_to(scratch->dz, scratch->clean, rows.n * rows.dim);
    report->consistency += error * (double)rows.n;
    report->loss += weight * error * (double)rows.n;
}

bool learner_losses(struct learner *learner, const struct batch *batch,
                    struct learner_report *report, struct failure *failure)
{
    struct learner_rows *scratch = learner->scratch;
    size_t n = learner->rows.n, n_byte = n * learner->options.quantizer.dim * sizeof(float);
    report->n_row += (double)n;
    take_weights(learner, batch);
    memset(scratch->dz, 0, n_byte);
    memset(scratch->dz_q, 0, n_byte);
    if (learner->quantizes &&
        !quantizer_search(&learner->quantizer, learner->workers, scratch->z, n, scratch->id,
                          scratch->z_q, failure))
        return false;
    if (!objective(learner, batch, report, failure)) return false;
    if (learner->quantizes && !commitment(learner, report, failure)) return false;
    if (learner->options.consistency > 0 && batch->clean) consistency(learner, report);
    return true;
}
