/* SPDX-License-Identifier: MIT */
#include "src/model/sections.h"

#include "src/frontend/profiles.h"
#include "src/frontend/spectrum.h"
#include "src/model/section_fields.h"
#include "src/quantize/codebook.h"

/* The file holds the fields of voq_frontend from `feature` to `top_db` in this order. */
_Static_assert(offsetof(voq_frontend, top_db) - offsetof(voq_frontend, feature) ==
                   (FRNT_WORDS - 1) * 4,
               "FRNT is voq_frontend without struct_size");
_Static_assert((int)MAX_FEATURE_DIM == (int)MAX_CODE_DIM, "a feature is what a codeword is");

void voq_frontend_to_words(const voq_frontend *frontend, uint32_t words[FRNT_WORDS])
{
    memcpy(words, (const char *)frontend + offsetof(voq_frontend, feature), FRNT_WORDS * 4);
}

static voq_status parse_frontend(struct parsed *p, voq_error *error)
{
    const struct span *span = &p->section[FRNT];
    const char *what;
    voq_status status = check_size(error, span, "FRNT", FRNT_FIRST_WORDS * 4, FRNT_WORDS * 4);
    if (status != VOQ_OK) return status;
    p->frontend.struct_size = sizeof p->frontend; /* fields that a shorter section lacks are zero */
    memcpy((char *)&p->frontend + offsetof(voq_frontend, feature), span->bytes, (size_t)span->size);
    status = voq_frontend_check(&p->frontend, &what);
    if (status == VOQ_ERROR_VERSION) return unknown(error, span, "FRNT", what);
    if (status != VOQ_OK) return corrupt(error, span, "FRNT", what);
    p->frontend_dim = voq_frontend_dim(&p->frontend);
    p->dim = p->frontend_dim;
    return VOQ_OK;
}

/* Whether a section's input is what enters the chain: frames of the front end, or in a model of
   vectors the input of its first section. */
static bool enters(struct parsed *p, uint32_t dim)
{
    if (!p->section[FRNT].bytes && p->frontend_dim == 0) p->frontend_dim = p->dim = dim;
    return dim == p->frontend_dim;
}

static void read_normalise_head(const struct span *span, voq_normalise *norm)
{
    *norm = (voq_normalise){.struct_size = sizeof *norm,
                            .kind = word(span, 0),
                            .dim = word(span, 1),
                            .n0 = word(span, 2),
                            .n_max = word(span, 3),
                            .floor = float_at(span, 16)};
}

static voq_status check_normalise_head(struct parsed *p, uint32_t has_second,
                                       voq_error *error)
{
    const struct span *span = &p->section[NORM];
    const voq_normalise *norm = &p->normalise;
    bool needs_floor = norm->kind == VOQ_NORMALISE_RUNNING_VARIANCE; /* it may shrink to 0 */
    bool needs_second = needs_floor || norm->kind == VOQ_NORMALISE_RUNNING_SCALED;
    bool takes_second = needs_second || norm->kind == VOQ_NORMALISE_GLOBAL;
    if (norm->kind > VOQ_NORMALISE_RUNNING_SCALED || has_second > 1)
        return unknown(error, span, "NORM", "the kind is unknown");
    if (norm->kind < VOQ_NORMALISE_RUNNING_MEAN)
        return corrupt(error, span, "NORM", "the kind is 0");
    if (norm->dim > MAX_FEATURE_DIM)
        return unknown(error, span, "NORM", "its dimension is above 2048");
    if (norm->dim == 0 || !enters(p, norm->dim))
        return corrupt(error, span, "NORM", "the dimension is not the front end's");
    if ((needs_second && !has_second) || (has_second && !takes_second))
        return corrupt(error, span, "NORM", "the kind and the variance or scale do not fit");
    if (norm->n_max == 0) return corrupt(error, span, "NORM", "n_max must be 1 or more");
    if (!(norm->floor >= 0.0f && norm->floor <= FLT_MAX) || (needs_floor && norm->floor == 0.0f))
        return corrupt(error, span, "NORM", "the floor must be 0 or more, above 0 in kind 2");
    return VOQ_OK;
}

/* The array behind the mean: in kind 5 the scale, else the variance. */
static voq_status read_second(const struct span *span, voq_normalise *norm, voq_error *error)
{
    bool is_scale = norm->kind == VOQ_NORMALISE_RUNNING_SCALED;
    uint64_t n = norm->dim, at = NORM_HEAD + 4 * n;
    voq_status status =
        floats_at(span, at, n, "NORM", is_scale ? &norm->scale : &norm->variance, error);
    for (uint64_t d = 0; status == VOQ_OK && d < n; d++) {
        float value = float_at(span, at + 4 * d), floor = is_scale ? 0.0f : norm->floor;
        if (value < 0.0f || !(value + floor > 0.0f))
            return corrupt(error, span, "NORM",
                           is_scale ? "a scale is not above 0" : "a variance is not above 0");
    }
    return status;
}

static voq_status parse_normalise(struct parsed *p, voq_error *error)
{
    const struct span *span = &p->section[NORM];
    voq_normalise *norm = &p->normalise;
    voq_status status = check_size(error, span, "NORM", NORM_HEAD, UINT64_MAX);
    if (status != VOQ_OK) return status;
    read_normalise_head(span, norm);
    uint32_t has_second = word(span, 5);
    status = check_normalise_head(p, has_second, error);
    if (status != VOQ_OK) return status;
    uint64_t n = norm->dim, size = NORM_HEAD + 4 * n * (1 + has_second);
    status = check_size(error, span, "NORM", size, size);
    if (status == VOQ_OK) status = floats_at(span, NORM_HEAD, n, "NORM", &norm->mean, error);
    return status == VOQ_OK && has_second ? read_second(span, norm, error) : status;
}

static voq_status parse_transform(struct parsed *p, voq_error *error)
{
    const struct span *span = &p->section[XFRM];
    voq_transform *x = &p->transform;
    voq_status status = check_size(error, span, "XFRM", XFRM_HEAD, UINT64_MAX);
    if (status != VOQ_OK) return status;
    *x = (voq_transform){sizeof *x,     word(span, 0), word(span, 1), word(span, 2),
                         word(span, 3), NULL,          NULL};
    uint32_t has_matrix = word(span, 4), has_bias = word(span, 5);
    if (has_matrix > 1 || has_bias > 1)
        return unknown(error, span, "XFRM", "the kind of its matrix or bias is unknown");
    if (x->stack_left > MAX_STACK || x->stack_right > MAX_STACK)
        return unknown(error, span, "XFRM", "it stacks more than 32 frames to a side");
    if (x->in_dim > MAX_FEATURE_DIM)
        return unknown(error, span, "XFRM", "its input dimension is above 2048");
    if (x->in_dim == 0 || !enters(p, x->in_dim))
        return corrupt(error, span, "XFRM", "its input dimension is not that of the frames");
    uint64_t column = (uint64_t)x->in_dim * (x->stack_left + 1 + x->stack_right);
    if (x->out_dim == 0) return corrupt(error, span, "XFRM", "its output dimension is 0");
    if (x->out_dim > MAX_FEATURE_DIM)
        return unknown(error, span, "XFRM", "its output dimension is above 2048");
    if (has_bias > has_matrix || (!has_matrix && x->out_dim != column))
        return corrupt(error, span, "XFRM", "its matrix, bias and dimensions do not fit");
    uint64_t n_matrix = has_matrix * column * x->out_dim, n_bias = has_bias * (uint64_t)x->out_dim;
    uint64_t size = XFRM_HEAD + 4 * (n_matrix + n_bias);
    status = check_size(error, span, "XFRM", size, size);
    if (status != VOQ_OK) return status;
    p->dim = x->out_dim;

    if (has_matrix) status = floats_at(span, XFRM_HEAD, n_matrix, "XFRM", &x->matrix, error);
    if (status == VOQ_OK && has_bias)
        status = floats_at(span, XFRM_HEAD + 4 * n_matrix, n_bias, "XFRM", &x->bias, error);
    return status;
}

static voq_status parse_encoder(struct parsed *p, voq_error *error)
{
    voq_status status = voq_parse_encoder(p, error);
    if (status != VOQ_OK) return status;
    uint32_t in_dim = p->layer[0].in_dim;
    if (p->dim == 0) enters(p, in_dim);
    if (in_dim != p->dim)
        return corrupt(error, &p->section[ENCD], "ENCD",
                       "its input dimension is not that of the features");
    p->dim = p->layer[p->encoder.n_layer - 1].out_dim;
    return VOQ_OK;
}

static voq_status parse_codebook(struct parsed *p, voq_error *error)
{
    const struct span *span = &p->section[CDBK];
    voq_status status = check_size(error, span, "CDBK", CDBK_HEAD, UINT64_MAX);
    if (status != VOQ_OK) return status;
    if (word(span, 3) != 0) return unknown(error, span, "CDBK", "reserved bytes are in use");
    uint32_t dim = word(span, 2);
    p->n_codebook = word(span, 0);
    p->n_code = word(span, 1);
    if (p->n_codebook == 0 || p->n_code == 0 || dim == 0)
        return corrupt(error, span, "CDBK", "it has no codeword");
    if (p->n_codebook > MAX_CODEBOOKS)
        return unknown(error, span, "CDBK", "it has more than 32 codebooks");
    if (p->n_code > MAX_CODES)
        return unknown(error, span, "CDBK", "a codebook has more than 4194304 codewords");
    if (dim > MAX_FEATURE_DIM)
        return unknown(error, span, "CDBK", "its dimension is above 2048");
    if (p->dim == 0) enters(p, dim);
    if (dim != p->dim)
        return corrupt(error, span, "CDBK", "its dimension is not that of the features");
    uint64_t n = (uint64_t)p->n_codebook * p->n_code * dim, size = CDBK_HEAD + 4 * n;
    status = check_size(error, span, "CDBK", size, size);
    if (status != VOQ_OK) return status;
    return floats_at(span, CDBK_HEAD, n, "CDBK", &p->codeword, error);
}

voq_status voq_parse_sections(struct parsed *p, voq_error *error)
{
    bool audio = p->section[FRNT].bytes != NULL;
    voq_status status = VOQ_OK;
    if (!audio && !p->section[CDBK].bytes)
        return voq_refuse(error, VOQ_ERROR_CORRUPT, HEADER_SIZE,
                          "neither a front end nor a codebook");
    if (audio) status = parse_frontend(p, error);
    if (status == VOQ_OK && p->section[NORM].bytes) status = parse_normalise(p, error);
    if (status == VOQ_OK && p->section[XFRM].bytes) status = parse_transform(p, error);
    if (status == VOQ_OK && p->section[ENCD].bytes) status = parse_encoder(p, error);
    if (status == VOQ_OK && p->section[CDBK].bytes) status = parse_codebook(p, error);
    return status == VOQ_OK ? voq_parse_texts(p, error) : status;
}
