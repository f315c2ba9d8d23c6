/* SPDX-License-Identifier: MIT */
/* Any bytes as a list of inputs. What is read has names and paths, and times that are numbers; a
   name made of a path leads out of no folder. */
#ifndef VOQ_TESTS_CORPUS_INPUT_H
#define VOQ_TESTS_CORPUS_INPUT_H

#include "tests/fuzz/memory_file.h"
#include "tools/corpus/utterance_list.h"

#include <math.h>
#include <string.h>

static inline bool leads_out(const char *name)
{
    size_t n = strlen(name);
    return name[0] == '/' || strncmp(name, "../", 3) == 0 || strstr(name, "/../") ||
           (n > 3 && strcmp(name + n - 3, "/..") == 0);
}

static inline void check_corpus(const struct corpus *corpus, bool names_are_paths)
{
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *u = corpus_get(corpus, i);
        bool times_fit = isfinite(u->begin_s) && u->begin_s >= 0 && isfinite(u->end_s);
        if (!*u->name || !*u->path || !u->list || u->line == 0 || !times_fit) abort();
        if (names_are_paths && leads_out(u->name)) abort();
    }
}

/* Reads the bytes by one of the readers of lists, with both kinds of names. */
static inline void read_list(bool (*read)(struct corpus *, const char *, struct failure *),
                             const uint8_t *data, size_t n, bool names_are_paths)
{
    struct memory_file file = memory_file_open(data, n);
    struct corpus *corpus = calloc(1, sizeof *corpus);
    struct failure failure = {.code = EXIT_FINE};
    if (!corpus) abort();
    corpus->options.names_from_path = names_are_paths;
    if (read(corpus, file.path, &failure))
        check_corpus(corpus, names_are_paths);
    else if (failure.code != EXIT_INPUT || !failure.text[0])
        abort();
    corpus_close(corpus);
    memory_file_close(&file);
}

#endif
