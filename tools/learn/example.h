/* SPDX-License-Identifier: MIT */
/* From one recording to the network's input and its labels, changed as the epoch has it. */
#ifndef VOQ_LEARN_EXAMPLE_H
#define VOQ_LEARN_EXAMPLE_H

#include "tools/learn/augmentation.h"
#include "tools/learn/feature_chain.h"
#include "tools/learn/label_head.h"
#include "tools/learn/recordings.h"
#include "tools/learn/speed.h"

/* What all examples share; the caller's until `found`. */
struct examples {
    const struct recordings *recordings;
    const struct recordings *noise; /* at the same rate; NULL: none */
    const struct feature_chain *chain;
    struct label_head *const *head; /* [n_head] */
    size_t n_head;
    struct augmentation augmentation;
    uint64_t seed;
    uint32_t shift_samples; /* features are so much later than the labels of an alignment */
    uint32_t stride;        /* frames per unit; 0: 1 */
    int64_t *found;         /* [recordings->n][n_head], or LABEL_NONE */
    struct speed slower, faster;
};

/* Finds the labels of all recordings. Labels beyond the audio are none. EXIT_INPUT: no utterance
   has any, or a label file without
   names has another number of utterances. Cleared with examples_clear even after a failure. */
bool examples_prepare(struct examples *examples, struct failure *failure);
void examples_clear(struct examples *examples);

/* Whether the utterance of a recording has labels from any head, or there are no heads. */
bool example_is_used(const struct examples *examples, size_t i);

/* The number of utterances without labels. */
size_t examples_n_unlabelled(const struct examples *examples);

/* Counts the utterances that have the name, and so the labels, of an earlier one of other content.
   pair: the first recordings of the first such two. */
bool examples_equal_names(const struct examples *examples, size_t *n, size_t pair[2],
                          struct failure *failure);

/* The length of the units of a head divided by that of the audio or the vectors that they label; 0:
   the head has no units. About 1, unless the hop of the units is another. */
double examples_unit_share(const struct examples *examples, size_t head);

/* Sets *has: whether any frame of recording i, as it is, has a label of a head. */
bool example_has_label(const struct examples *examples, size_t i, size_t head, bool *has,
                       struct failure *failure);

/* Sets *has: whether any recording has a label of a head. */
bool examples_have_label(const struct examples *examples, size_t head, bool *has,
                         struct failure *failure);

/* The number of frames of recording i in an epoch. */
size_t example_count(const struct examples *examples, uint32_t epoch, size_t i);

/* Memory of one thread; all zero at first. */
struct example_scratch {
    float *x, *changed, *wet, *noise, *frame;
    size_t x_capacity, changed_capacity, wet_capacity, noise_capacity, frame_capacity;
};
void example_scratch_clear(struct example_scratch *scratch);

/* Where an example goes: n = example_count rows each. */
struct example_place {
    float *v;           /* [n][dim] */
    float *clean;       /* [n][dim] without noise and room; NULL: not wanted */
    int32_t *const *label; /* [n_head][..], from row `first` on */
    size_t first;
    uint64_t mask_seed; /* set */
};
bool example_make(const struct examples *examples, struct example_scratch *scratch, uint32_t epoch,
                  size_t i, struct example_place *place, struct failure *failure);

#endif
