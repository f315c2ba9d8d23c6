/* SPDX-License-Identifier: MIT */
/* The units of a set of utterances, as the metrics read them. */
#ifndef VOQ_TOOLS_UNIT_SET_H
#define VOQ_TOOLS_UNIT_SET_H

#include "tools/base/failure.h"

#include <stddef.h>
#include <stdint.h>

#define UNIT_HOP_DEFAULT 160 /* where nobody says it */
#define UNIT_RATE_DEFAULT 16000

#define UNIT_SET_DENSE (1 << 20) /* codes: from more than that only those that occur are counted */

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
    uint32_t n_symbol;   /* above every symbol */
    const uint32_t **tuple; /* [n_symbol] the ids of a symbol; NULL where symbols are ids */
    uint32_t hop_samples, rate_hz; /* both 0: units of vectors, which have no time */
};

static inline bool unit_set_has_time(const struct unit_set *set)
{
    return set->rate_hz > 0;
}

/* Adds id[n_frame][set->n_codebook], copied; speaker may be NULL. */
bool unit_set_add(struct unit_set *set, const char *name, const char *speaker, const uint32_t *id,
                  size_t n_frame, struct failure *failure);

/* After the last: sorts, numbers the symbols; n_code 0 becomes the highest id + 1. Two utterances
   of one name, or an id that is not below n_code, fail (EXIT_INPUT). */
bool unit_set_finish(struct unit_set *set, struct failure *failure);

/* NULL: no such utterance. After finish. */
const struct unit_utterance *unit_set_find(const struct unit_set *set, const char *name);

/* "17", or "17+3" with several codebooks. Cut to the capacity. */
void unit_set_symbol_text(const struct unit_set *set, uint32_t symbol, char *text,
                          size_t capacity);

/* Reads lines "utterance speaker" into the utterances; others keep theirs. EXIT_INPUT. */
bool unit_set_read_speakers(struct unit_set *set, const char *path, struct failure *failure);

/* Frees everything; the facts stay. */
void unit_set_clear(struct unit_set *set);

#endif
