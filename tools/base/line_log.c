/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* fileno, ftruncate */
#include "tools/base/line_log.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Removes what stands behind the first lines: a step that is made again, or half a line. */
static bool keep_lines(FILE *file, uint64_t n_line)
{
    struct stat status;
    long end = 0;
    if (fstat(fileno(file), &status) != 0) return false;
    if (!S_ISREG(status.st_mode)) return true;
    for (int c; n_line > 0 && (c = getc(file)) != EOF;) {
        if (c != '\n') continue;
        end = ftell(file);
        n_line--;
    }
    return fseek(file, 0, SEEK_END) == 0 && ftruncate(fileno(file), end) == 0;
}

static bool fail_write(const char *path, struct failure *failure)
{
    return fail(failure, EXIT_OUTPUT, "%s: cannot be written: %s", path, strerror(errno));
}

bool line_log_open(struct line_log *log, const char *path, uint64_t n_line,
                   struct failure *failure)
{
    *log = (struct line_log){.path = path};
    if (!path) return true;
    bool is_standard = strcmp(path, "-") == 0;
    log->file = is_standard ? fdopen(dup(STDOUT_FILENO), "w")
                            : fopen(path, n_line > 0 ? "a+" : "w");
    if (log->file && (is_standard || keep_lines(log->file, n_line))) return true;
    fail_write(path, failure);
    line_log_close(log);
    return false;
}

struct json_writer line_log_begin(const struct line_log *log)
{
    struct json_writer json = {.file = log->file, .layout = JSON_SPACED};
    json_open(&json, NULL, '{');
    return json;
}

bool line_log_end(const struct line_log *log, struct json_writer *json, struct failure *failure)
{
    json_close(json, '}');
    return (fflush(log->file) == 0 && !ferror(log->file)) || fail_write(log->path, failure);
}

void line_log_close(struct line_log *log)
{
    if (log->file) fclose(log->file);
    log->file = NULL;
}
