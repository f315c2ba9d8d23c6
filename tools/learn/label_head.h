/* SPDX-License-Identifier: MIT */
/* What the frames of a corpus are to predict: the phones of an alignment, or the units of any other
   tokenizer. One file is one head of the network. */
#ifndef VOQ_LEARN_LABEL_HEAD_H
#define VOQ_LEARN_LABEL_HEAD_H

#include "tools/base/failure.h"
#include "tools/formats/unit_reader.h"

enum { LABEL_NONE = -1 };

struct label_head_options {
    const char *tier; /* of a TextGrid; NULL: phones, else phone, else units */
    struct unit_reader_options units; /* facts.hop_samples: --labels-hop; 0: 160, or the file's */
    const char *cache_folder;
};

/* Frame i of a stretch stands for the samples begin + i hop to begin + (i + 1) hop of the utterance
   (hop may be a fraction, hop_samples / steps), and has the label at its middle. */
struct label_grid {
    int64_t begin;        /* sample, at least -hop / 2; with rate 0 the index of a vector */
    uint32_t hop_samples; /* in steps of 1/steps sample */
    uint32_t steps;       /* 1; 10 with speech at 9/10 or 11/10 of its speed */
    uint32_t rate_hz;     /* 0: vectors, whose labels are units, one for each */
};

struct label_head;

/* Reads the file. CTM, TextGrid (also a folder of them) and frame labels are alignments; their
   silences are one class, "SIL". All else is units: class i is unit i. EXIT_INPUT, EXIT_USAGE. */
bool label_head_read(struct label_head **head, const char *path,
                     const struct label_head_options *options, struct failure *failure);
void label_head_free(struct label_head *head); /* NULL is allowed */

uint32_t label_head_n_class(const struct label_head *head);

/* Whether the times are those of an aligner, which stand some milliseconds early. */
bool label_head_is_alignment(const struct label_head *head);

/* Writes the name of a class, cut to whole characters within the capacity; '?' replaces bytes that
   are not UTF-8 and control characters. */
void label_head_class(const struct label_head *head, uint32_t i, char *text, size_t capacity);

/* How many utterances a file without names has, which are those of the corpora in their order; 0:
   the file has names. */
size_t label_head_n_unnamed(const struct label_head *head);

/* Finds utterance number `i` of the corpora, called `name`; LABEL_NONE: it has no labels. */
int64_t label_head_find(const struct label_head *head, const char *name, size_t i);

/* How many samples at this rate, or vectors with rate 0, the units of the utterance that was found
   stand for; 0: an alignment, which may have holes. */
double label_head_length(const struct label_head *head, int64_t found, uint32_t rate_hz);

/* Fills label[n] of the utterance that was found; LABEL_NONE where there is none. */
bool label_head_fill(const struct label_head *head, int64_t found, const struct label_grid *grid,
                     int32_t *label, size_t n, struct failure *failure);

#endif
