/* SPDX-License-Identifier: MIT */
/* A corpus opened from paths inside the scratch folder. */
#ifndef VOQ_TESTS_CORPUS_FIXTURE_H
#define VOQ_TESTS_CORPUS_FIXTURE_H

#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/corpus/corpus.h"

static struct failure failure;
static struct corpus *corpus;

/* The test runs inside the scratch folder, so that messages hold relative paths. */
static inline bool corpus_fixture_begin(void)
{
    return scratch_begin() && chdir(scratch_folder) == 0;
}

static inline void file_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "wb");
    if (!file || fputs(text, file) < 0 || fclose(file) != 0) abort();
}

static inline bool open_one(const char *argument, const struct corpus_options *options)
{
    corpus_close(corpus);
    corpus = NULL;
    return corpus_open(&corpus, &argument, 1, options, &failure);
}

/* "name path" of all utterances, one a line. */
static inline const char *listing(void)
{
    static char text[8192];
    text[0] = '\0';
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *u = corpus_get(corpus, i);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s %s\n", u->name, u->path);
    }
    return text;
}

/* The text of the failure of a list with this content; "" if it is accepted. */
static inline const char *complaint(const char *path, const char *text,
                                    const struct corpus_options *options)
{
    if (text) file_text(path, text);
    if (open_one(path, options)) return "";
    if (failure.code != EXIT_INPUT) return "(another exit code)";
    return failure.text;
}

#endif
