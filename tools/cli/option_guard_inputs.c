/* SPDX-License-Identifier: MIT */
#include "tools/cli/option_guard.h"

#include "tools/base/folder_walk.h"
#include "tools/base/line_reader.h"
#include "tools/base/path.h"
#include "tools/cli/model_lookup.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* Reports are often written into the folder that is read. All other files in it count as read. */
static bool is_report(const char *name)
{
    static const char *const suffix[] = {".txt", ".json", ".tsv", ".csv", ".md", ".log"};
    const char *dot = strrchr(name, '.');
    if (!dot) return true;
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++)
        if (strcasecmp(dot, suffix[i]) == 0) return true;
    return false;
}

static bool is_input(const void *context, const char *name)
{
    (void)context;
    return !is_report(name);
}

/* A folder that cannot be opened is reported by the code that reads it. */
static bool add_folder(struct option_guard *guard, const char *folder, struct failure *failure)
{
    struct folder_paths paths = {0};
    bool good = folder_walk(&paths, folder, (struct folder_filter){is_input, NULL}, failure);
    for (size_t i = 0; i < paths.n && good; i++)
        good = option_guard_add(guard, paths.path[i], false, true, failure);
    folder_paths_free(&paths);
    return good;
}

/* Lines are "KEY PATH:OFFSET". A malformed line is reported by the code that reads the table. */
static bool add_table(struct option_guard *guard, const char *table, struct failure *failure)
{
    struct line_reader *lines;
    struct failure ignored;
    char *line;
    size_t length;
    bool good = true;
    if (!line_reader_open(&lines, table, &ignored)) return true;
    while (good && line_reader_next(lines, &line, &length, &ignored) && line) {
        char *path = line + strcspn(line, " \t");
        path += strspn(path, " \t");
        char *colon = strrchr(path, ':');
        if (colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0') *colon = '\0';
        if (*path) good = option_guard_add(guard, path, false, true, failure);
    }
    line_reader_close(lines);
    return good;
}

static bool add_model(struct option_guard *guard, const char *name, struct failure *failure)
{
    char path[4096];
    struct failure ignored;
    return !model_find(name, path, sizeof path, &ignored) ||
           option_guard_add(guard, path, false, true, failure);
}

bool option_guard_reads(struct option_guard *guard, const char *path, struct failure *failure)
{
    struct stat status;
    bool is_stdin = strcmp(path, "-") == 0;
    bool exists = is_stdin || stat(path, &status) == 0;
    if (!add_model(guard, path, failure)) return false;
    if (!exists) return true;
    if (!is_stdin && S_ISDIR(status.st_mode)) return add_folder(guard, path, failure);
    bool is_table = !is_stdin && S_ISREG(status.st_mode) && path_has_suffix(path, "scp");
    return option_guard_add(guard, path, false, false, failure) &&
           (!is_table || add_table(guard, path, failure));
}

static bool add_value(struct option_guard *guard, const struct option_row *row, const char *value,
                      struct failure *failure)
{
    if (!value) return true;
    if (!*value)
        return fail(failure, EXIT_USAGE,
                    "--%s: the name is empty; name a file or leave the option out",
                    row->name);
    return row->role == OPTION_WRITES ? option_guard_writes(guard, value, failure)
                                      : option_guard_reads(guard, value, failure);
}

bool option_guard_options(struct option_guard *guard, const struct option_table *table,
                          const void *values, struct failure *failure)
{
    for (size_t i = 0; i < table->n_row; i++) {
        const struct option_row *row = &table->row[i];
        const void *value = (const char *)values + row->offset;
        if (row->role == OPTION_NO_FILE) continue;
        if (row->kind == OPTION_TEXT &&
            !add_value(guard, row, *(const char *const *)value, failure))
            return false;
        const struct option_texts *texts = value;
        for (size_t k = 0; row->kind == OPTION_TEXTS && k < texts->n; k++)
            if (!add_value(guard, row, texts->text[k], failure)) return false;
    }
    return true;
}
