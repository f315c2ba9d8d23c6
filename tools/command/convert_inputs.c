/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"

#include "tools/base/path.h"
#include "tools/cli/model_list.h"
#include "tools/formats/format_detect.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Adds the files of the folder that the reader will read. */
static bool guard_folder(struct option_guard *guard, const char *folder, const char *from,
                         bool of_features, struct failure *failure)
{
    const struct unit_format *units, *wanted = NULL;
    const struct feature_format *features;
    struct folder_paths files = {0};
    struct failure ignored;
    if (!of_features && from && !unit_format_find(from, &wanted, &ignored)) return true;
    bool good = of_features
                    ? feature_format_of_folder(folder, &features, &files, failure)
                    : unit_format_of_folder(folder, wanted, &units, &files, failure);
    for (size_t i = 0; i < files.n && good; i++)
        good = option_guard_reads(guard, files.path[i], failure);
    folder_paths_free(&files);
    return good;
}

bool convert_guard_input(struct option_guard *guard, const char *input, const char *from,
                         bool features, struct failure *failure)
{
    return path_is_folder(input) ? guard_folder(guard, input, from, features, failure)
                                 : option_guard_reads(guard, input, failure);
}

bool convert_check_name(const char *input, struct failure *failure)
{
    char near[256];
    if (strpbrk(input, "/.") || strcmp(input, "-") == 0 || access(input, F_OK) == 0 ||
        !model_list_nearest(input, near, sizeof near))
        return true;
    return fail(failure, EXIT_USAGE,
                "%s: there is no file and no model with this name; did you mean %s?",
                input, near);
}

static void say_note(void *context, const char *text)
{
    messages_note(context, "%s", text);
}

struct format_notes convert_notes(struct messages *messages)
{
    return (struct format_notes){say_note, messages};
}
