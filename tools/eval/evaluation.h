/* SPDX-License-Identifier: MIT */
/* All metrics of a set of units. */
#ifndef VOQ_TOOLS_EVALUATION_H
#define VOQ_TOOLS_EVALUATION_H

#include "tools/eval/abx_scores.h"
#include "tools/eval/agreement.h"
#include "tools/eval/alignment.h"
#include "tools/eval/boundaries.h"
#include "tools/eval/edit_distance.h"
#include "tools/eval/pairing.h"
#include "tools/eval/speaker.h"
#include "tools/eval/usage.h"

struct bootstrap;       /* bootstrap.h */
struct quantizer_error; /* quantizer_error.h */
struct resampling;      /* resampling.h */
struct robustness;      /* robustness.h */

/* How utterances with units and with labels were matched. */
struct pairing_counts {
    uint64_t utterances; /* in both */
    uint64_t missing;    /* with labels, but without units */
    uint64_t ignored;    /* with units, but without labels */
    uint64_t trimmed_frames, unlabelled_frames;
    const char *missing_name, *ignored_name; /* the first of them; NULL: none */
};

struct evaluation {
    /* The inputs; not owned. */
    const struct unit_set *units;
    const struct alignment *phones; /* NULL: no metrics that need labels */
    struct pairing pairing;
    int64_t tolerance_us;

    /* With phones. */
    struct pairing_counts paired;
    struct counts counts; /* phones x units, all frames */
    struct agreement all, speech;
    struct boundaries boundaries_all, boundaries_speech;
    struct speaker_information speaker;

    struct usage usage;           /* of the tuples */
    struct usage *codebook_usage; /* [n_codebook]; NULL with one codebook */

    /* NULL, or set by the caller; not owned. */
    const struct edit_distance *ued;
    const struct abx_scores *abx, *abx_features; /* on units, on features */
    const struct quantizer_error *quantizer;
    const struct quantizer_error *reconstruction; /* by the model's decoder */
    const struct robustness *robustness;
    const struct bootstrap *bootstrap;
    const struct resampling *resampling; /* of the bootstrap */
};

/* Computes the metrics of units, and those of phones if there are any. The caller sets units,
   phones, pairing (checked) and tolerance_us; all other members must be zero. */
bool evaluation_measure(struct evaluation *evaluation, struct failure *failure);
void evaluation_clear(struct evaluation *evaluation);

#endif
