/* SPDX-License-Identifier: MIT */
/* The second output of `voq encode --distances`: the squared distance of each unit to its
   codeword, one .npy per utterance. */
#ifndef VOQ_TOOLS_ENCODE_DISTANCES_H
#define VOQ_TOOLS_ENCODE_DISTANCES_H

#include "tools/command/encode_items.h"
#include "tools/command/encode_options.h"
#include "tools/cli/option_guard.h"
#include "tools/formats/feature_writer.h"
#include "tools/formats/outputs.h"

struct encode_distances {
    struct feature_writer *writer; /* NULL without --distances */
    size_t n_codebook;
    uint32_t id[QUEUE_RECORD_BYTES / sizeof(uint32_t)]; /* of the current rows */
    float distance[QUEUE_RECORD_BYTES / sizeof(float)];
};

/* Call before anything is written. EXIT_USAGE for one file for several utterances, for a file that
   the units also use, and for one that their guard does not allow. */
bool encode_distances_check(const struct encode_options *options, const struct encode_items *items,
                            const struct outputs *units, struct failure *failure);

/* Opens nothing without --distances. */
bool encode_distances_open(struct encode_distances *distances, const struct encode_options *options,
                           const struct encode_plan *plan, const struct encode_items *items,
                           struct option_guard *guard, struct failure *failure);

/* Writes the distances of n rows and leaves their ids in distances->id. */
bool encode_distances_rows(struct encode_distances *distances, const void *row, size_t n,
                           struct failure *failure);

#endif
