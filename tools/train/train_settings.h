/* SPDX-License-Identifier: MIT */
/* The options of `voq train`. */
#ifndef VOQ_TRAIN_TRAIN_SETTINGS_H
#define VOQ_TRAIN_TRAIN_SETTINGS_H

#include "tools/cli/options.h"

#include "voq.h"

enum setting_normalise {
    NORMALISE_DEFAULT, /* running mean before --pca and --lda, else none */
    NORMALISE_NONE,
    NORMALISE_MEAN,
    NORMALISE_VARIANCE,
    NORMALISE_GLOBAL
};

enum setting_objective { OBJECTIVE_DEFAULT, OBJECTIVE_VQVAE, OBJECTIVE_LABELS };
enum setting_codebook { CODEBOOK_BY_EMA, CODEBOOK_BY_LOSS };

struct settings {
    const char *output;
    uint32_t codes; /* 0: those of --init, else 100 */
    uint32_t codebooks;
    uint64_t seed;
    uint32_t jobs; /* 0: the number of processors */
    uint32_t cpu;  /* enum voq_cpu */

    const char *profile; /* NULL: hubert */
    struct option_texts set;
    const char *speakers;
    bool allow_pipes;

    uint32_t normalise; /* enum setting_normalise */
    uint32_t pca, lda;  /* dimensions; 0: none */
    bool whiten;
    uint32_t left, right; /* frames of context */
    uint32_t rounds;
    double warp; /* 1: none */
    uint32_t classes; /* 0: as many as codes */
    struct option_texts labels; /* FILE, FILE:WEIGHT, FILE:WEIGHT:CODES */

    const char *encoder; /* "default" or layers; NULL: none */
    uint32_t objective;  /* enum setting_objective */
    uint32_t codebook;   /* enum setting_codebook */
    uint32_t labels_hop; /* 0: as the file states */
    struct option_texts also; /* CORPUS[:SHARE[:WEIGHT]] */
    uint32_t epochs;
    double learning_rate;
    const char *noise;
    double consistency;
    const char *dev, *dev_labels;
    const char *log, *weights;

    uint32_t batches, batch_frames;
    uint32_t iterations;
    double tolerance;
    double time_s;
    uint64_t frames;
    uint64_t cap_speaker;
    struct option_texts init; /* several: only with an encoder */

    uint64_t memory_mb;
    const char *cache_dir;
    const char *checkpoint;
    double checkpoint_minutes;
    bool resume;

    const char *name;
    const char *corpus_name;
    const char *licence;
    bool json;
    bool quiet;
    struct options_given given;
};

extern const struct option_table settings_table;

/* Sets the defaults. */
void settings_defaults(struct settings *settings);

/* Whether vectors are stacked and transformed before the codebook. */
bool settings_has_transform(const struct settings *settings);

/* The dimensions after the transform. */
uint32_t settings_dim(const struct settings *settings);

/* Whether anything is learned between front end and codebook. */
bool settings_changes_front(const struct settings *settings);

/* Returns enum voq_normalise_kind, depending on what is learned; 0: none. */
uint32_t settings_normalise_kind(const struct settings *settings);

/* Writes the name of the model; `kind` replaces the profile in it if none is given. */
void settings_name(const struct settings *settings, const char *kind, char *name, size_t capacity);

/* The codebook to start from; NULL: none. */
const char *settings_init(const struct settings *settings);

/* The alignment whose labels are the classes of discriminants; NULL: none. */
const char *settings_classes_file(const struct settings *settings);

/* Whether discriminants are also learned from warped speech. */
bool settings_warps(const struct settings *settings);

/* Checks combinations of options. EXIT_USAGE. */
bool settings_check(const struct settings *settings, size_t n_operand, struct failure *failure);

/* No option is silently ignored: EXIT_USAGE names one that has no effect. Call after outputs were
   compared with inputs. */
bool settings_fit(const struct settings *settings, const char *const *operand, size_t n_operand,
                  struct failure *failure);

#endif
