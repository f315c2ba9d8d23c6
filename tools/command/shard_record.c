/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf */
#include "tools/command/shard_record.h"

#include "tools/base/json_get.h"
#include "tools/base/json_writer.h"
#include "tools/base/output_file.h"
#include "tools/command/beside_output.h"
#include "voq.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RECORD_BYTES = 65536 };

const char *const shard_role_name[SHARD_ROLES] = {"output", "durations", "scp", "dict", "tsv"};

void shard_record_hash(char text[SHARD_HASH], uint64_t hash)
{
    snprintf(text, SHARD_HASH, "%016" PRIx64, hash);
}

char *shard_record_path(const char *output, const struct shard *shared)
{
    char suffix[64] = ".done";
    if (shared) snprintf(suffix, sizeof suffix, ".%u-of-%u.done", shared->rank, shared->n);
    return beside_output(output, suffix);
}

void shard_record_clear(struct shard_record *record)
{
    for (size_t i = 0; i < record->n_file; i++) free(record->file[i].path);
    *record = (struct shard_record){0};
}

bool shard_record_add(struct shard_record *record, enum shard_role role, const char *path,
                      struct failure *failure)
{
    struct stat status;
    struct shard_file *file = &record->file[record->n_file];
    if (stat(path, &status) != 0)
        return fail(failure, EXIT_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    file->role = role;
    file->n_byte = (uint64_t)status.st_size;
    file->path = strdup(path);
    if (!file->path) return fail_memory(failure);
    record->n_file++;
    return file_digest(path, file->sha256, failure);
}

/* ---- writing --------------------------------------------------------------------------------- */

static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* A file in the folder of the record is stored without the folder, so that both can be moved. */
static const char *stored_path(const char *file, const char *record)
{
    size_t n = folder_length(file);
    bool beside = n == folder_length(record) && memcmp(file, record, n) == 0;
    return beside ? file + n : file;
}

static void write_file(struct json_writer *json, const struct shard_file *file, const char *path)
{
    json_open(json, NULL, '{');
    json_text(json, "role", shard_role_name[file->role]);
    json_text(json, "path", stored_path(file->path, path));
    json_count(json, "bytes", file->n_byte);
    json_text(json, "sha256", file->sha256);
    json_close(json, '}');
}

bool shard_record_write(const struct shard_record *record, const char *path,
                        struct failure *failure)
{
    struct output_file *out;
    if (!output_file_open_shared(&out, path, failure)) return false;
    struct json_writer json = {.file = output_file_stream(out)};
    json_open(&json, NULL, '{');
    json_text(&json, "voq", voq_version_string());
    json_count(&json, "shard", record->shard.rank);
    json_count(&json, "shards", record->shard.n);
    json_text(&json, "format", record->format);
    json_count(&json, "utterances", record->end - record->begin);
    json_count(&json, "failures", record->n_failed);
    json_count(&json, "first", record->begin);
    json_count(&json, "total", record->total);
    json_text(&json, "model", record->model);
    json_text(&json, "options", record->options);
    json_text(&json, "list", record->list);
    json_open(&json, "files", '[');
    for (size_t i = 0; i < record->n_file; i++) write_file(&json, &record->file[i], path);
    json_close(&json, ']');
    json_close(&json, '}');
    return output_file_commit(out, failure);
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool get_count(const struct json *object, const char *key, uint64_t *value)
{
    return json_get_whole(object, key, UINT64_MAX, value);
}

static bool get_text(const struct json *object, const char *key, char *text, size_t size)
{
    const char *value;
    if (!json_get_text(object, key, &value) || !value || strlen(value) >= size) return false;
    strcpy(text, value);
    return true;
}

static bool get_shard(const struct json *object, struct shard *shard)
{
    uint64_t rank, n;
    if (!get_count(object, "shard", &rank) || !get_count(object, "shards", &n) || rank >= n ||
        n > SHARDS_MOST)
        return false;
    *shard = (struct shard){(uint32_t)rank, (uint32_t)n};
    return true;
}

static bool get_role(const struct json *object, enum shard_role *role)
{
    char name[16];
    if (!get_text(object, "role", name, sizeof name)) return false;
    for (int i = 0; i < SHARD_ROLES; i++)
        if (strcmp(name, shard_role_name[i]) == 0) {
            *role = (enum shard_role)i;
            return true;
        }
    return false;
}

static bool get_file(const struct json *object, const char *path, struct shard_record *record)
{
    struct shard_file *file = &record->file[record->n_file];
    const struct json *stored = json_get(object, "path");
    if (record->n_file == SHARD_FILES || !stored || stored->type != JSON_STRING ||
        !get_role(object, &file->role) || !get_count(object, "bytes", &file->n_byte) ||
        !get_text(object, "sha256", file->sha256, sizeof file->sha256))
        return false;
    size_t n = strchr(stored->string, '/') ? 0 : folder_length(path);
    if (asprintf(&file->path, "%.*s%s", (int)n, path, stored->string) < 0) return false;
    record->n_file++;
    return true;
}

static bool get_record(const struct json *object, const char *path, struct shard_record *record)
{
    uint64_t n;
    const struct json *files = json_get(object, "files");
    if (!get_shard(object, &record->shard) ||
        !get_text(object, "format", record->format, sizeof record->format) ||
        !get_count(object, "utterances", &n) || !get_count(object, "first", &record->begin) ||
        !get_count(object, "total", &record->total) || record->begin > record->total ||
        n > record->total - record->begin || !get_count(object, "failures", &record->n_failed) ||
        !get_text(object, "model", record->model, SHARD_HASH) ||
        !get_text(object, "options", record->options, SHARD_HASH) ||
        !get_text(object, "list", record->list, SHARD_HASH) || !files ||
        files->type != JSON_ARRAY)
        return false;
    record->end = record->begin + n;
    for (const struct json *file = files->child; file; file = file->next)
        if (!get_file(file, path, record)) return false;
    return true;
}

static bool parse(const char *text, size_t n, const char *path, struct shard_record *record)
{
    size_t column;
    const char *reason;
    struct json *object = json_parse(text, n, &column, &reason);
    bool good = object && object->type == JSON_OBJECT && get_record(object, path, record);
    json_free(object);
    return good;
}

bool shard_record_read(struct shard_record *record, const char *path, bool *found,
                       struct failure *failure)
{
    static const char foreign[] = "%s: is not the record of a shard that voq wrote";
    *record = (struct shard_record){0};
    FILE *file = fopen(path, "rb");
    *found = file != NULL;
    if (!file && errno == ENOENT) return true;
    if (!file)
        return fail(failure, EXIT_INPUT, "%s: cannot be read: %s", path, strerror(errno));
    char *text = malloc(RECORD_BYTES);
    size_t n = text ? fread(text, 1, RECORD_BYTES, file) : 0;
    bool good = text && n < RECORD_BYTES && parse(text, n, path, record);
    fclose(file);
    free(text);
    if (good) return true;
    shard_record_clear(record);
    return fail(failure, EXIT_INPUT, foreign, path);
}
