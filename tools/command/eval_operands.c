/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_operands.h"

#include "tools/base/path.h"
#include "tools/cli/model_list.h"
#include "tools/cli/model_lookup.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool is_path(const char *text)
{
    struct stat status;
    return stat(text, &status) == 0;
}

static bool is_bare(const char *text)
{
    return !strchr(text, '/') && !strchr(text, '.') && strcmp(text, "-") != 0;
}

static bool is_shipped(const char *text)
{
    char path[4096];
    struct failure why;
    return !strchr(text, '/') && model_find(text, path, sizeof path, &why);
}

static bool is_model(const char *text)
{
    return path_has_suffix(text, "voq") || (!is_path(text) && is_shipped(text));
}

/* Whether the first operand exists but is a folder, or is not a model although a later one is. */
static bool is_swapped(char **operand, size_t n)
{
    if (path_has_suffix(operand[0], "voq") || is_shipped(operand[0]) || !is_path(operand[0]))
        return false;
    for (size_t i = 1; i < n; i++)
        if (is_model(operand[i])) return true;
    return path_is_folder(operand[0]);
}

static bool check_first(const char *command, char **operand, size_t n, struct failure *failure)
{
    const char *model = "MODEL", *or = strcmp(command, "eval") == 0 ? ", or --units" : "";
    if (n && is_swapped(operand, n)) {
        for (size_t i = n; i-- > 1;)
            if (is_model(operand[i])) model = operand[i];
        return fail(failure, EXIT_USAGE,
                    "%s is not a model; name models before the corpus: voq %s %s %s", operand[0],
                    command, model, operand[0]);
    }
    return n >= 2 || fail(failure, EXIT_USAGE,
                          "expected a model and a corpus%s; see voq %s --help", or, command);
}

/* Moves operand[i] down to index `to`; those in between move up by one. */
static void move_down(char **operand, size_t i, size_t to)
{
    char *moved = operand[i];
    memmove(operand + to + 1, operand + to, (i - to) * sizeof *operand);
    operand[to] = moved;
}

static bool fail_neither(const char *operand, struct failure *failure)
{
    char near[256], mean[300] = "";
    if (model_list_nearest(operand, near, sizeof near))
        snprintf(mean, sizeof mean, "; did you mean %s?", near);
    return fail(failure, EXIT_USAGE,
                "%s is neither a model nor a corpus: there is no model with that name and no file "
                "at that path%s", operand, mean);
}

bool eval_operands_sort(struct eval_operands *operands, const char *command, char **operand,
                        size_t n, struct failure *failure)
{
    if (!check_first(command, operand, n, failure)) return false;
    *operands = (struct eval_operands){.operand = operand, .n_model = 1};
    for (size_t i = 1; i < n; i++) {
        if (is_model(operand[i])) move_down(operand, i, operands->n_model++);
        else if (!is_path(operand[i]) && is_bare(operand[i]))
            return fail_neither(operand[i], failure);
    }
    operands->n_corpus = n - operands->n_model;
    return operands->n_corpus ||
           fail(failure, EXIT_USAGE, "%s: all operands are models; name a corpus after them",
                operand[0]);
}
