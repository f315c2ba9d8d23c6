/* SPDX-License-Identifier: MIT */
#include "src/model/sections.h"

#include "src/base/error.h"
#include "src/frontend/profiles.h"
#include "src/frontend/spectrum.h"
#include "src/quantize/codebook.h"

#include <float.h>
#include <string.h>

/* The file holds the fields of voq_frontend from `feature` to `top_db` in this order. */
_Static_assert(offsetof(voq_frontend, top_db) - offsetof(voq_frontend, feature) ==
                   (FRNT_WORDS - 1) * 4,
               "FRNT is voq_frontend without struct_size");
_Static_assert((int)MAX_FEATURE_DIM == (int)MAX_CODE_DIM, "a feature is what a codeword is");

void voq_frontend_to_words(const voq_frontend *frontend, uint32_t words[FRNT_WORDS])
{
    memcpy(words, (const char *)frontend + offsetof(voq_frontend, feature), FRNT_WORDS * 4);
}

static uint32_t word(const struct span *span, size_t i)
{
    uint32_t v;
    memcpy(&v, span->bytes + 4 * i, 4);
    return v;
}

static float float_at(const struct span *span, uint64_t at)
{
    float x;
    memcpy(&x, span->bytes + at, 4);
    return x;
}

static voq_status corrupt(voq_error *error, const struct span *span, const char *section,
                          const char *what)
{
    return voq_refuse(error, VOQ_ERROR_CORRUPT, span->offset, "section %s: %s", section, what);
}

/* The checksum is right, so a choice that this voq does not know, or a number beyond its limits,
   comes from a newer voq. */
static voq_status unknown(voq_error *error, const struct span *span, const char *section,
                          const char *what)
{
    return voq_refuse(error, VOQ_ERROR_VERSION, span->offset, "section %s: %s", section, what);
}

/* Sections grow at their end: from the size of their first version to the one known here. */
static voq_status check_size(voq_error *error, const struct span *span, const char *section,
                             uint64_t first, uint64_t known)
{
    if (span->size >= first && span->size <= known) return VOQ_OK;
    bool longer = span->size > known;
    return voq_refuse(error, longer ? VOQ_ERROR_VERSION : VOQ_ERROR_CORRUPT, span->offset,
                      "section %s has %llu bytes, %s %llu", section, (unsigned long long)span->size,
                      longer ? "this voq reads at most" : "expected at least",
                      (unsigned long long)(longer ? known : first));
}

/* Points *floats at the n floats from byte `at` of a section and checks that all are finite. */
static voq_status floats_at(const struct span *span, uint64_t at, uint64_t n, const char *section,
                            const float **floats, voq_error *error)
{
    for (uint64_t i = 0; i < n; i++) {
        float x = float_at(span, at + 4 * i);
        if (!(x >= -FLT_MAX && x <= FLT_MAX))
            return voq_refuse(error, VOQ_ERROR_VALUE, span->offset + at + 4 * i,
                              "section %s: a number is NaN or infinite", section);
    }
    *floats = (const float *)(const void *)(span->bytes + at);
    return VOQ_OK;
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

static voq_status check_normalise_head(struct parsed *p, uint32_t has_variance,
                                       voq_error *error)
{
    const struct span *span = &p->section[NORM];
    const voq_normalise *norm = &p->normalise;
    bool needs_variance = norm->kind == VOQ_NORMALISE_RUNNING_VARIANCE;
    bool takes_variance = needs_variance || norm->kind == VOQ_NORMALISE_GLOBAL;
    bool needs_floor = needs_variance; /* the variance may shrink to 0 */
    if (norm->kind > VOQ_NORMALISE_UTTERANCE_MEAN || has_variance > 1)
        return unknown(error, span, "NORM", "the kind is unknown");
    if (norm->kind < VOQ_NORMALISE_RUNNING_MEAN)
        return corrupt(error, span, "NORM", "the kind is 0");
    if (norm->dim > MAX_FEATURE_DIM)
        return unknown(error, span, "NORM", "its dimension is above 2048");
    if (norm->dim == 0 || !enters(p, norm->dim))
        return corrupt(error, span, "NORM", "the dimension is not the front end's");
    if ((needs_variance && !has_variance) || (has_variance && !takes_variance))
        return corrupt(error, span, "NORM", "the kind and the variance do not fit");
    if (norm->n_max == 0) return corrupt(error, span, "NORM", "n_max must be 1 or more");
    if (!(norm->floor >= 0.0f && norm->floor <= FLT_MAX) || (needs_floor && norm->floor == 0.0f))
        return corrupt(error, span, "NORM", "the floor must be 0 or more, above 0 in kind 2");
    return VOQ_OK;
}

static voq_status read_variance(const struct span *span, voq_normalise *norm, voq_error *error)
{
    uint64_t n = norm->dim, at = NORM_HEAD + 4 * n;
    voq_status status = floats_at(span, at, n, "NORM", &norm->variance, error);
    for (uint64_t d = 0; status == VOQ_OK && d < n; d++) {
        float variance = float_at(span, at + 4 * d);
        if (variance < 0.0f || !(variance + norm->floor > 0.0f))
            return corrupt(error, span, "NORM", "a variance is not above 0");
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
    uint32_t has_variance = word(span, 5);
    status = check_normalise_head(p, has_variance, error);
    if (status != VOQ_OK) return status;
    uint64_t n = norm->dim, size = NORM_HEAD + 4 * n * (1 + has_variance);
    status = check_size(error, span, "NORM", size, size);
    if (status == VOQ_OK) status = floats_at(span, NORM_HEAD, n, "NORM", &norm->mean, error);
    return status == VOQ_OK && has_variance ? read_variance(span, norm, error) : status;
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

/* Length of the UTF-8 character at s, 0 if there is none (RFC 3629). */
static size_t utf8_length(const unsigned char *s, uint64_t n)
{
    static const struct {
        unsigned char mask, lead;
        uint32_t least;
    } form[] = {{0x80, 0x00, 0}, {0xe0, 0xc0, 0x80}, {0xf0, 0xe0, 0x800}, {0xf8, 0xf0, 0x10000}};
    for (size_t k = 0; k < 4; k++) {
        if ((s[0] & form[k].mask) != form[k].lead || k + 1 > n) continue;
        uint32_t code = s[0] & (unsigned char)~form[k].mask;
        for (size_t i = 1; i <= k; i++) {
            if ((s[i] & 0xc0) != 0x80) return 0;
            code = code << 6 | (s[i] & 0x3f);
        }
        bool surrogate = code >= 0xd800 && code < 0xe000;
        return code < form[k].least || surrogate || code > 0x10ffff ? 0 : k + 1;
    }
    return 0;
}

static voq_status check_text(const struct span *span, const char *section, bool lines,
                             voq_error *error)
{
    for (uint64_t i = 0; i < span->size;) {
        unsigned char c = span->bytes[i];
        size_t n = utf8_length(span->bytes + i, span->size - i);
        if (n == 0 || c == 0x7f || (c < 0x20 && !(lines && c == '\n')))
            return voq_refuse(error, VOQ_ERROR_CORRUPT, span->offset + i,
                              "section %s: a byte is not UTF-8 text", section);
        i += n;
    }
    if (lines && span->size && span->bytes[span->size - 1] != '\n')
        return corrupt(error, span, section, "the last line has no end");
    return VOQ_OK;
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
    if (status == VOQ_OK && p->section[CDBK].bytes) status = parse_codebook(p, error);
    if (status == VOQ_OK && p->section[NAME].bytes)
        status = check_text(&p->section[NAME], "NAME", false, error);
    if (status == VOQ_OK && p->section[PROV].bytes)
        status = check_text(&p->section[PROV], "PROV", true, error);
    return status;
}
