/* SPDX-License-Identifier: MIT */
#include "tools/cli/option_guard.h"

#include "tools/corpus/corpus.h"

#include <stdlib.h>
#include <string.h>

/* Treats every word of a command that names a file as an input. */
static bool add_command(struct option_guard *guard, const char *command, struct failure *failure)
{
    static const char between[] = " \t\"'<>|;&()=";
    char *words = strdup(command), *rest = NULL;
    bool good = words || fail_memory(failure);
    for (char *word = words ? strtok_r(words, between, &rest) : NULL; good && word;
         word = strtok_r(NULL, between, &rest))
        good = strcmp(word, "-") == 0 || option_guard_add(guard, word, false, true, failure);
    free(words);
    return good;
}

bool option_guard_corpus(struct option_guard *guard, const struct corpus *corpus,
                         const char *const *operand, size_t n_operand, struct failure *failure)
{
    const char *list = NULL;
    for (size_t i = 0; i < n_operand; i++)
        if (!option_guard_add(guard, operand[i], true, true, failure)) return false;
    for (size_t i = 0; i < corpus_size(corpus); i++) {
        const struct utterance *utterance = corpus_get(corpus, i);
        if (utterance->list && utterance->list != list &&
            !option_guard_add(guard, utterance->list, true, true, failure))
            return false;
        list = utterance->list;
        if (utterance->is_command ? !add_command(guard, utterance->path, failure)
                                  : !option_guard_add(guard, utterance->path, true, true, failure))
            return false;
    }
    return true;
}
