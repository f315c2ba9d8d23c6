/* SPDX-License-Identifier: MIT */
/* Codebooks over a set of frames: seeding, Lloyd, residuals, with a checkpoint after every
   iteration. */
#ifndef VOQ_TRAIN_CLUSTERING_H
#define VOQ_TRAIN_CLUSTERING_H

#include "tools/train/checkpoint.h"
#include "tools/train/report.h"
#include "tools/train/start.h"

/* Classes need no perfect clusters. */
enum { CLASS_ITERATIONS = 20 };

struct clustering {
    const struct settings *settings;
    const struct front_half *front; /* that made the frames */
    struct frames *frames;     /* become residuals where there are several codebooks */
    struct schedule *schedule;
    size_t n_thread;
    const char *what;          /* for the live report: "codebook", "classes" */
    uint32_t n_codebook, n_code, iterations;
    uint32_t part;             /* of the random numbers, of the first codebook */
    const struct start *start; /* NULL: begins with k-means++ */

    struct checkpoint_file *checkpoint; /* where the state is kept */
    const char *identity;      /* of the checkpoint, and */
    uint32_t stage;            /* the stage that it names */
    const struct checkpoint *resumed; /* of this stage; NULL: from the beginning */

    float *codeword;         /* [n_codebook][n_code][dim] */
    struct outcome *outcome; /* [n_codebook] */
    uint64_t n_frame_sample; /* that the seeding saw */
    uint32_t codebook;       /* under way */
};

/* Fills the last four. Free them in any case. */
bool clustering_run(struct clustering *clustering, struct failure *failure);
void clustering_free(struct clustering *clustering);

#endif
