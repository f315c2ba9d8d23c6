/* SPDX-License-Identifier: MIT */
/* What the parsers of the sections share: fields of a section, and the three ways to reject it. */
#ifndef VOQ_SECTION_FIELDS_H
#define VOQ_SECTION_FIELDS_H

#include "src/base/error.h"
#include "src/model/layout.h"

#include <float.h>
#include <string.h>

static inline uint32_t word(const struct span *span, size_t i)
{
    uint32_t v;
    memcpy(&v, span->bytes + 4 * i, 4);
    return v;
}

static inline float float_at(const struct span *span, uint64_t at)
{
    float x;
    memcpy(&x, span->bytes + at, 4);
    return x;
}

static inline voq_status corrupt(voq_error *error, const struct span *span,
                                 const char *section, const char *what)
{
    return voq_refuse(error, VOQ_ERROR_CORRUPT, span->offset, "section %s: %s", section, what);
}

/* The checksum is right, so a choice that this voq does not know, or a number beyond its limits,
   comes from a newer voq. */
static inline voq_status unknown(voq_error *error, const struct span *span,
                                 const char *section, const char *what)
{
    return voq_refuse(error, VOQ_ERROR_VERSION, span->offset, "section %s: %s", section, what);
}

/* Sections grow at their end: from the size of their first version to the one known here. */
static inline voq_status check_size(voq_error *error, const struct span *span,
                                    const char *section, uint64_t first, uint64_t known)
{
    if (span->size >= first && span->size <= known) return VOQ_OK;
    bool longer = span->size > known;
    return voq_refuse(error, longer ? VOQ_ERROR_VERSION : VOQ_ERROR_CORRUPT, span->offset,
                      "section %s has %llu bytes, %s %llu", section, (unsigned long long)span->size,
                      longer ? "this voq reads at most" : "expected at least",
                      (unsigned long long)(longer ? known : first));
}

/* Points *floats at the n floats from byte `at` of a section and checks that all are finite. */
static inline voq_status floats_at(const struct span *span, uint64_t at, uint64_t n,
                                   const char *section, const float **floats, voq_error *error)
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

#endif
