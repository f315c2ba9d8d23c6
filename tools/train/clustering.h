/* SPDX-License-Identifier: MIT */
/* Codebooks over a set of frames: seeding, Lloyd, residuals, with a checkpoint after every
   iteration. */
#ifndef VOQ_TRAIN_CLUSTERING_H
#define VOQ_TRAIN_CLUSTERING_H

#include "tools/train/checkpoint.h"
#include "tools/train/iteration_log.h"
#include "tools/train/report.h"
#include "tools/train/start.h"

/* Clusters that only define LDA classes need not converge. */
enum { CLASS_ITERATIONS = 20 };

struct clustering {
    const struct settings *settings;
    const struct front_half *front; /* that made the frames */
    struct frames *frames;     /* become residuals if there are several codebooks */
    struct schedule *schedule;
    size_t n_thread;
    const char *what;          /* for the live report: "codebook", "classes" */
    uint32_t n_codebook, n_code, iterations;
    uint32_t part;             /* random stream of the first codebook */
    const char *log_path;      /* NULL: none */
    const struct start *start; /* NULL: begins with k-means++ */

    struct checkpoint_file *checkpoint; /* receives the state */
    const char *identity;      /* of the checkpoint */
    uint32_t stage;            /* of the checkpoint */
    const struct checkpoint *resumed; /* of this stage; NULL: from the beginning */

    float *codeword;         /* [n_codebook][n_code][dim] */
    struct outcome *outcome; /* [n_codebook] */
    uint64_t n_frame_sample; /* that the seeding saw */
    uint32_t codebook;       /* current codebook */
    struct line_log log;
};

/* Fills the last five members. Call clustering_free in any case. */
bool clustering_run(struct clustering *clustering, struct failure *failure);
void clustering_free(struct clustering *clustering);

#endif
