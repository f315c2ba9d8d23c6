/* SPDX-License-Identifier: MIT */
#include "tools/command/decode_features.h"

#include "tools/base/growing.h"

#include <math.h>
#include <stdlib.h>

/* Global mean and variance can be undone; a running mean depends on frames that are not there. */
static bool take_normalise(struct reconstruction *r, const voq_parts *parts,
                           struct failure *failure)
{
    const voq_normalise *norm = parts->normalise;
    size_t dim = r->decoder.frame_dim;
    r->is_normalised =
        parts->transform || (norm && norm->kind != VOQ_NORMALISE_GLOBAL);
    if (!norm || r->is_normalised) return true;
    r->scale = zeroed(dim, sizeof *r->scale, failure);
    r->mean = zeroed(dim, sizeof *r->mean, failure);
    if (!r->scale || !r->mean) return false;
    for (size_t i = 0; i < dim; i++) {
        r->mean[i] = (double)norm->mean[i];
        r->scale[i] =
            norm->variance ? sqrt((double)norm->variance[i] + (double)norm->floor) : 1;
    }
    return true;
}

bool reconstruction_open(struct reconstruction *r, const voq_model *model, const char *name,
                         struct failure *failure)
{
    voq_parts parts = {.struct_size = sizeof parts};
    r->model = model;
    if (!decoder_open(&r->decoder, model, name, failure)) return false;
    if (voq_model_parts(model, &parts) != VOQ_OK)
        return fail(failure, EXIT_INTERNAL, "the parts of the model cannot be read");
    r->frame = zeroed(r->decoder.frame_dim, sizeof *r->frame, failure);
    return r->frame && take_normalise(r, &parts, failure);
}

void reconstruction_close(struct reconstruction *r)
{
    decoder_close(&r->decoder);
    free(r->scale);
    free(r->mean);
    free(r->frame);
}

/* Entries of an utterance that are decoded together, and where the last codeword came from. */
struct passage {
    struct reconstruction *r;
    const struct utterance_units *units;
    struct feature_writer *writer;
    size_t entry;
    uint64_t start; /* of the entry, in frames of the passage */
};

static uint32_t duration(const struct passage *passage, size_t entry)
{
    return passage->units->duration ? passage->units->duration[entry] : 1;
}

static void find_codewords(void *context, uint64_t first, size_t n, float *z_q)
{
    struct passage *p = context;
    size_t n_codebook = p->units->facts.n_codebook, dim = p->r->decoder.dim;
    for (uint64_t at = first; at < first + n; at++, z_q += dim) {
        while (at < p->start) p->start -= duration(p, --p->entry);
        while (at - p->start >= duration(p, p->entry)) p->start += duration(p, p->entry++);
        /* The units have been checked, so this does not fail. */
        (void)!voq_decode(p->r->model, p->units->id + p->entry * n_codebook, 1, z_q);
    }
}

static bool write_frames(void *context, const float *frame, size_t n, struct failure *failure)
{
    const struct passage *p = context;
    const struct reconstruction *r = p->r;
    size_t dim = r->decoder.frame_dim;
    if (!r->scale) return feature_writer_frames(p->writer, frame, n, failure);
    for (size_t t = 0; t < n; t++, frame += dim) {
        for (size_t i = 0; i < dim; i++)
            r->frame[i] = (float)((double)frame[i] * r->scale[i] + r->mean[i]);
        if (!feature_writer_frames(p->writer, r->frame, 1, failure)) return false;
    }
    return true;
}

bool reconstruction_write(struct reconstruction *r, const struct utterance_units *units,
                          struct feature_writer *writer, struct failure *failure)
{
    size_t gap = 0;
    for (size_t first = 0; first < units->n;) {
        uint64_t n = 0;
        struct passage passage = {.r = r, .units = units, .writer = writer, .entry = first};
        const struct decoder_ends ends = {find_codewords, write_frames, &passage};
        while (gap < units->n_gap && units->gap[gap].before <= first) gap++;
        size_t end = gap < units->n_gap ? units->gap[gap].before : units->n;
        for (; first < end; first++) n += duration(&passage, first);
        if (!decoder_run(&r->decoder, n, &ends, failure)) return false;
    }
    return true;
}
