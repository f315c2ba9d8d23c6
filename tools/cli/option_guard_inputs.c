/* SPDX-License-Identifier: MIT */
#include "tools/cli/option_guard.h"

#include "tools/base/line_reader.h"
#include "tools/cli/model_lookup.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

/* What people write into a folder that they read: reports. All else in it counts as read. */
static bool is_report(const char *name)
{
    static const char *const suffix[] = {".txt", ".json", ".tsv", ".csv", ".md", ".log"};
    const char *dot = strrchr(name, '.');
    if (!dot) return true;
    for (size_t i = 0; i < sizeof suffix / sizeof *suffix; i++)
        if (strcasecmp(dot, suffix[i]) == 0) return true;
    return false;
}

/* A folder under way, and the one that it was found in. */
struct trail {
    struct stat status;
    const struct trail *up;
};

static bool is_loop(const struct trail *trail)
{
    for (const struct trail *up = trail->up; up; up = up->up)
        if (up->status.st_dev == trail->status.st_dev && up->status.st_ino == trail->status.st_ino)
            return true;
    return false;
}

static bool add_folder(struct option_guard *guard, const char *folder, const struct trail *trail,
                       struct failure *failure);

static bool add_entry(struct option_guard *guard, const char *folder, const char *name,
                      const struct trail *up, struct failure *failure)
{
    struct trail trail = {.up = up};
    size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);
    if (!path) return fail_memory(failure);
    snprintf(path, size, "%s/%s", folder, name);
    bool good = true;
    if (stat(path, &trail.status) == 0 && S_ISDIR(trail.status.st_mode))
        good = is_loop(&trail) || add_folder(guard, path, &trail, failure);
    else if (!is_report(name))
        good = option_guard_add(guard, path, false, true, failure);
    free(path);
    return good;
}

/* Who reads a folder that cannot be opened says so. */
static bool add_folder(struct option_guard *guard, const char *folder, const struct trail *trail,
                       struct failure *failure)
{
    DIR *directory = opendir(folder);
    bool good = true;
    if (!directory) return true;
    for (struct dirent *entry; good && (entry = readdir(directory));)
        if (entry->d_name[0] != '.')
            good = add_entry(guard, folder, entry->d_name, trail, failure);
    closedir(directory);
    return good;
}

/* Lines "KEY PATH:OFFSET". A line that is none is a failure of whoever reads the table. */
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
    struct trail trail = {.up = NULL};
    const struct stat *status = &trail.status;
    size_t n = strlen(path);
    bool is_stdin = strcmp(path, "-") == 0;
    bool exists = is_stdin || stat(path, &trail.status) == 0;
    if (!add_model(guard, path, failure)) return false;
    if (!exists) return true;
    if (!is_stdin && S_ISDIR(status->st_mode)) return add_folder(guard, path, &trail, failure);
    bool is_table = !is_stdin && S_ISREG(status->st_mode) && n > 4 &&
                    strcasecmp(path + n - 4, ".scp") == 0;
    return option_guard_add(guard, path, false, false, failure) &&
           (!is_table || add_table(guard, path, failure));
}

static bool add_value(struct option_guard *guard, const struct option_row *row, const char *value,
                      struct failure *failure)
{
    if (!value) return true;
    if (!*value)
        return fail(failure, EXIT_USAGE, "--%s: an empty name; give a file or leave it out",
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
