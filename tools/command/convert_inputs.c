/* SPDX-License-Identifier: MIT */
#include "tools/command/convert.h"

#include "tools/base/path.h"
#include "tools/cli/model_list.h"
#include "tools/formats/folder_files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The files with the suffix of a format that has a file per utterance: of the first such format
   that has any, which is how the readers choose. */
static bool guard_folder(struct option_guard *guard, const char *folder, const char *from,
                         bool of_features, struct failure *failure)
{
    char **file = NULL;
    size_t n = 0;
    for (size_t i = 0; n == 0; i++) {
        const struct unit_format *units = of_features ? NULL : unit_format_at(i);
        const struct feature_format *features = of_features ? feature_format_at(i) : NULL;
        if (!units && !features) break;
        if (!((units ? units->traits : features->traits) & FORMAT_FILE_EACH) ||
            (units && from && strcmp(units->name, from) != 0))
            continue;
        if (!folder_files(folder, units ? units->suffix[0] : features->suffix[0], &file, &n,
                          failure))
            return false;
    }
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        good = good && option_guard_reads(guard, file[i], failure);
        free(file[i]);
    }
    free(file);
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
    return fail(failure, EXIT_USAGE, "%s: no file and no model has this name; did you mean %s?",
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
