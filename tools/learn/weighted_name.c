/* SPDX-License-Identifier: MIT */
#include "tools/learn/weighted_name.h"

#include "tools/base/number.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Takes one ":NUMBER" off the end; false: there is none. */
static bool take_number(char *name, double *number)
{
    char *colon = strrchr(name, ':');
    if (!colon || colon == name || !parse_double(colon + 1, number)) return false;
    *colon = '\0';
    return true;
}

bool weighted_name_read(struct weighted_name *read, const char *option, const char *text,
                        size_t n_most, struct failure *failure)
{
    double number;
    *read = (struct weighted_name){.name = strdup(text)};
    if (!read->name) return fail_memory(failure);
    while (access(read->name, F_OK) != 0 && read->n < n_most && take_number(read->name, &number)) {
        for (size_t i = read->n++; i > 0; i--) read->number[i] = read->number[i - 1];
        read->number[0] = number;
    }
    if ((read->n < 1 || read->number[0] > 0) && (read->n < 2 || read->number[1] >= 0)) return true;
    weighted_name_free(read);
    return fail(failure, EXIT_USAGE,
                "--%s %s: the number after \":\" must be above 0, a second one at least 0", option,
                text);
}

void weighted_name_free(struct weighted_name *name)
{
    free(name->name);
    *name = (struct weighted_name){0};
}
