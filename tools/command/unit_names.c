/* SPDX-License-Identifier: MIT */
#include "tools/command/unit_names.h"

#include "tools/base/path.h"
#include "tools/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Skips the manifest's first line, which is the root of its paths. */
bool unit_names_open(struct unit_names *names, const char *tsv, struct messages *messages,
                     struct failure *failure)
{
    char *root;
    size_t length;
    *names = (struct unit_names){.messages = messages};
    return !tsv || (line_reader_open(&names->manifest, tsv, failure) &&
                    line_reader_next(names->manifest, &root, &length, failure));
}

void unit_names_begin(struct unit_names *names, const char *input)
{
    names->input = input;
    names->n_unnamed = 0;
}

/* Reads the stem of the manifest's next path. */
static bool take_line(struct unit_names *names, char **name, struct failure *failure)
{
    char *line;
    size_t length;
    if (!line_reader_next(names->manifest, &line, &length, failure)) return false;
    if (!line)
        return fail(failure, EXIT_INPUT,
                    "%s: ends before the units do; give the manifest of these units",
                    line_reader_path(names->manifest));
    line = utf8_strip(line);
    line[strcspn(line, "\t")] = '\0';
    *name = path_stem_copy(line);
    if (!*name) return fail_memory(failure);
    if (**name) return true;
    free(*name);
    *name = NULL;
    return line_reader_fail(names->manifest, failure, "'%s' has no name; expected a path", line);
}

bool unit_names_choose(struct unit_names *names, const struct utterance_units *utterance,
                       char **name, struct failure *failure)
{
    const char *input = names->input;
    if (utterance->name[0]) {
        *name = strdup(utterance->name);
        return *name || fail_memory(failure);
    }
    if (names->manifest) return take_line(names, name, failure);
    char *stem = strcmp(input, "-") == 0 ? strdup("stdin") : path_stem_copy(input);
    *name = stem ? malloc(strlen(stem) + 32) : NULL;
    if (*name) sprintf(*name, "%s-%zu", stem, names->n_unnamed++);
    free(stem);
    if (!*name) return fail_memory(failure);
    if (!names->told)
        messages_note(names->messages,
                      "%s has no names, so utterances are named %s and so on; add --tsv to name "
                      "them",
                      input, *name);
    names->told = true;
    return true;
}

void unit_names_close(struct unit_names *names)
{
    line_reader_close(names->manifest);
    *names = (struct unit_names){0};
}
