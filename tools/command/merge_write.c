/* SPDX-License-Identifier: MIT */
#include "tools/command/merge.h"

#include "tools/base/line_reader.h"
#include "tools/base/number.h"
#include "tools/base/sink.h"
#include "tools/formats/unit_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool copy_bytes(struct sink *sink, const char *path, bool skip_line,
                       struct failure *failure)
{
    char bytes[16384];
    size_t n;
    FILE *file = fopen(path, "rb");
    if (!file) return fail(failure, EXIT_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    for (int c = 0; skip_line && c != '\n' && c != EOF;) c = getc(file);
    while ((n = fread(bytes, 1, sizeof bytes, file)) > 0) sink_write(sink, bytes, n);
    bool good = !ferror(file) || fail(failure, EXIT_INPUT, "%s: cannot be read", path);
    fclose(file);
    return good && sink_check(sink, failure);
}

/* Writes a line "KEY SHARD:OFFSET" of a table as "KEY OUT:OFFSET", with the offset in OUT. */
static bool move_entry(struct sink *sink, const struct line_reader *reader, char *line,
                       const char *out, uint64_t base, struct failure *failure)
{
    char *blank = strchr(line, ' '), *colon = strrchr(line, ':');
    uint64_t offset;
    if (!blank || !colon || colon < blank || !parse_u64(colon + 1, &offset))
        return line_reader_fail(reader, failure, "expected KEY FILE:OFFSET");
    sink_write(sink, line, (size_t)(blank - line) + 1);
    sink_text(sink, out);
    sink_text(sink, ":");
    sink_decimal(sink, base + offset);
    sink_text(sink, "\n");
    return true;
}

static bool move_table(struct sink *sink, const char *path, const char *out, uint64_t base,
                       struct failure *failure)
{
    struct line_reader *reader;
    char *line = NULL;
    size_t length;
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good = true;
    while (good && (good = line_reader_next(reader, &line, &length, failure)) && line)
        good = move_entry(sink, reader, line, out, base, failure);
    line_reader_close(reader);
    return good && sink_check(sink, failure);
}

static bool write_role(struct sink *sink, const struct merge_shards *shards, size_t k,
                       const char *out, struct failure *failure)
{
    uint64_t base = 0;
    for (size_t i = 0; i < shards->n; i++) {
        const struct shard_record *record = &shards->shard[i].record;
        const struct shard_file *file = &record->file[k];
        if (file->role == SHARD_DICT && i > 0) break; /* the same in each shard */
        if (!(file->role == SHARD_SCP
                  ? move_table(sink, file->path, out, base, failure)
                  : copy_bytes(sink, file->path, file->role == SHARD_TSV && i > 0, failure)))
            return false;
        base += record->file[0].n_byte;
    }
    return true;
}

/* The path of the merged file, which the caller frees; *path NULL: it is not written. */
static bool find_path(const struct merge_options *options, enum shard_role role, char **path,
                      struct failure *failure)
{
    const char *const given[SHARD_ROLES] = {[SHARD_UNITS] = options->output,
                                            [SHARD_SCP] = options->scp,
                                            [SHARD_DICT] = options->dict,
                                            [SHARD_TSV] = options->tsv};
    *path = NULL;
    if (role == SHARD_DICT && !options->dict) return true;
    if (role == SHARD_DURATIONS && strcmp(options->output, "-") == 0)
        return fail(failure, EXIT_USAGE, "the shards have durations in a second file; give -o "
                    "FILE");
    if (role != SHARD_DURATIONS && !given[role])
        return fail(failure, EXIT_USAGE, "the shards have a second file; add --%s FILE",
                    shard_role_name[role]);
    *path = role == SHARD_DURATIONS ? unit_durations_path(options->output) : strdup(given[role]);
    return *path || fail_memory(failure);
}

static bool open_role(struct sink **sink, const char *path, bool binary, struct failure *failure)
{
    const struct sink_options how = {.alone = true, .binary = binary};
    return sink_open(sink, path, &how, failure);
}

static bool is_binary(const struct shard_record *record)
{
    const struct unit_format *format;
    struct failure none;
    return unit_format_find(record->format, &format, &none) && (format->traits & FORMAT_BINARY);
}

bool merge_write(const struct merge_options *options, const struct merge_shards *shards,
                 struct failure *failure)
{
    const struct shard_record *first = &shards->shard[0].record;
    struct sink *sink[SHARD_FILES] = {0};
    char *path[SHARD_FILES] = {0};
    bool good = true;
    for (size_t k = 0; good && k < first->n_file; k++)
        good = find_path(options, first->file[k].role, &path[k], failure);
    for (size_t k = 0; good && k < first->n_file; k++)
        good = !path[k] || (open_role(&sink[k], path[k], k == 0 && is_binary(first), failure) &&
                            write_role(sink[k], shards, k, options->output, failure));
    for (size_t k = 0; k < first->n_file; k++) {
        if (good && sink[k])
            good = sink_commit(sink[k], failure);
        else
            sink_abandon(sink[k], false);
        free(path[k]);
    }
    return good;
}
