/* SPDX-License-Identifier: MIT */
/* Reads the stored vectors (README.md: "The container"). */
#ifndef VOQ_TESTS_PARITY_VECTORS_H
#define VOQ_TESTS_PARITY_VECTORS_H

#include "voq.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_SIGNALS = 16, MAX_SETTINGS = 16 };

/* The features that one tool gave for one signal. */
struct signal_vectors {
    char name[32];
    size_t n_frame, dim;
    const float *value; /* [n_frame][dim] */
};

/* One file: a tool and a configuration. */
struct vectors {
    char tool[32], profile[32];
    char key[MAX_SETTINGS][32], text[MAX_SETTINGS][32];
    size_t n_setting, n_signal;
    struct signal_vectors signal[MAX_SIGNALS];
    char *bytes;
};

/* False, with nothing to free, if the file is missing or not what README.md says. */
bool vectors_read(const char *path, struct vectors *vectors);
void vectors_free(struct vectors *vectors);

/* NULL: this tool has no vectors for that signal. */
const struct signal_vectors *vectors_find(const struct vectors *vectors, const char *signal);

/* Samples of a stored signal, x[*n] within +-1; NULL if it cannot be read. The caller frees. */
float *signal_read(const char *folder, const char *name, size_t *n);

#endif
