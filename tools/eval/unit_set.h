/* SPDX-License-Identifier: MIT */
/* The units of a set of utterances, for the metrics. */
#ifndef VOQ_TOOLS_UNIT_SET_H
#define VOQ_TOOLS_UNIT_SET_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define UNIT_HOP_DEFAULT 160 /* if it is not stated */
#define UNIT_RATE_DEFAULT 16000

#define UNIT_SET_DENSE (1 << 20) /* with more codes than this, only those that occur are counted */

#define NO_UNIT UINT32_MAX /* every id, and the symbol, of a frame whose audio was lost */

struct unit_utterance {
    char *name;
    char *speaker;      /* NULL: unknown */
    size_t n_frame;
    uint32_t *id;       /* [n_frame][n_codebook] */
    uint32_t *symbol;   /* [n_frame]; with one codebook id itself; with several, or more codes than
                           UNIT_SET_DENSE, a number for the tuple of ids: ordered as the tuples
                           are, only those that occur */
};

struct unit_set {
    struct unit_utterance *utterance; /* [n_utterance], names in byte order */
    size_t n_utterance, capacity;
    uint32_t n_codebook; /* 1 or more */
    uint32_t n_code;     /* codes of one codebook */
    uint32_t n_symbol;   /* greater than every symbol */
    const uint32_t **tuple; /* [n_symbol] the ids of a symbol; NULL if symbols are ids */
    uint32_t hop_samples, rate_hz; /* both 0: units of vectors, which have no time */
    uint32_t stride; /* vectors per unit, of those without a time; 0: 1 */
};

static inline bool unit_set_has_time(const struct unit_set *set)
{
    return set->rate_hz > 0;
}

/* Adds a copy of id[n_frame][set->n_codebook]; speaker may be NULL. */
bool unit_set_add(struct unit_set *set, const char *name, const char *speaker, const uint32_t *id,
                  size_t n_frame, struct failure *failure);

/* Call after the last utterance. Sorts utterances and numbers symbols; n_code 0 becomes the highest
   id + 1. EXIT_INPUT: two utterances have the same name, or an id is not below n_code. */
bool unit_set_finish(struct unit_set *set, struct failure *failure);

/* Call after finish. NULL: no such utterance. */
const struct unit_utterance *unit_set_find(const struct unit_set *set, const char *name);

/* Writes "17", or "17+3" with several codebooks, truncated to the capacity. */
void unit_set_symbol_text(const struct unit_set *set, uint32_t symbol, char *text,
                          size_t capacity);

/* Reads speakers from lines "utterance speaker"; other utterances keep theirs. EXIT_INPUT. */
bool unit_set_read_speakers(struct unit_set *set, const char *path, struct failure *failure);

/* Frees all memory and keeps the facts. */
void unit_set_clear(struct unit_set *set);

#endif
