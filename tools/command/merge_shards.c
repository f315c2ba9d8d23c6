/* SPDX-License-Identifier: MIT */
#include "tools/command/merge.h"

#include "tools/base/growing.h"
#include "tools/base/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* ---- reading --------------------------------------------------------------------------------- */

static bool add_shard(struct merge_shards *shards, const char *path, struct shard_record *record,
                      struct failure *failure)
{
    if (!grow(&shards->shard, &shards->capacity, shards->n + 1, sizeof *shards->shard, failure)) {
        shard_record_clear(record);
        return false;
    }
    shards->shard[shards->n++] = (struct merge_shard){path, *record};
    return true;
}

static bool add_other(struct merge_shards *shards, const char *path, struct failure *failure)
{
    if (!grow(&shards->other, &shards->other_capacity, shards->n_other + 1, sizeof *shards->other,
              failure))
        return false;
    shards->other[shards->n_other++] = path;
    return true;
}

/* Of shards that share a folder the record is all there is to name. */
static bool read_record(struct merge_shards *shards, const char *path, struct failure *failure)
{
    struct shard_record record;
    bool found;
    if (!shard_record_read(&record, path, &found, failure)) return false;
    if (found && record.n_file == 0) return add_shard(shards, path, &record, failure);
    shard_record_clear(&record);
    return true;
}

static bool read_output(struct merge_shards *shards, const char *path, struct failure *failure)
{
    struct shard_record record;
    bool found;
    char *done = shard_record_path(path, NULL);
    bool good = done ? shard_record_read(&record, done, &found, failure) : fail_memory(failure);
    free(done);
    if (!good) return false;
    return found ? add_shard(shards, path, &record, failure) : add_other(shards, path, failure);
}

static bool read_operand(struct merge_shards *shards, const char *path, struct failure *failure)
{
    if (path_has_suffix(path, "journal")) return true;
    if (path_has_suffix(path, "done")) return read_record(shards, path, failure);
    if (path_is_folder(path))
        return fail(failure, EXIT_USAGE,
                    "%s: is a folder, and formats that write folders need no merging; voq merge "
                    "%s.*.done checks that all shards are finished", path, path);
    return read_output(shards, path, failure);
}

bool merge_shards_read(struct merge_shards *shards, char **operand, size_t n,
                       struct failure *failure)
{
    for (size_t i = 0; i < n; i++)
        if (!read_operand(shards, operand[i], failure)) return false;
    return true;
}

void merge_shards_free(struct merge_shards *shards)
{
    for (size_t i = 0; i < shards->n; i++) shard_record_clear(&shards->shard[i].record);
    free(shards->shard);
    free(shards->other);
}

/* ---- checking -------------------------------------------------------------------------------- */

static bool is_companion(const struct merge_shards *shards, const char *path)
{
    for (size_t i = 0; i < shards->n; i++)
        for (size_t k = 0; k < shards->shard[i].record.n_file; k++)
            if (option_guard_same_output(shards->shard[i].record.file[k].path, path)) return true;
    return false;
}

static bool check_others(const struct merge_shards *shards, struct failure *failure)
{
    for (size_t i = 0; i < shards->n_other; i++)
        if (!is_companion(shards, shards->other[i]))
            return fail(failure, EXIT_INPUT,
                        "%s: is not a finished shard, because there is no %s.done; run this shard "
                        "again, or leave the file out", shards->other[i], shards->other[i]);
    return shards->n > 0 ||
           fail(failure, EXIT_USAGE, "no shard; name the files that voq encode --shard wrote");
}

static bool check_run(const struct merge_shard *a, const struct merge_shard *b,
                      struct failure *failure)
{
    const struct shard_record *x = &a->record, *y = &b->record;
    const char *what = x->shard.n != y->shard.n              ? "another number of shards"
                       : strcmp(x->model, y->model) != 0     ? "another model"
                       : strcmp(x->format, y->format) != 0   ? "another format"
                       : strcmp(x->options, y->options) != 0 ? "other options"
                       : strcmp(x->list, y->list) != 0       ? "another list of inputs"
                       : x->n_file != y->n_file              ? "other files"
                                                             : NULL;
    return !what || fail(failure, EXIT_INPUT,
                         "%s: was written with %s than %s; merge the shards of one run", b->path,
                         what, a->path);
}

static int by_rank(const void *a, const void *b)
{
    const struct merge_shard *x = a, *y = b;
    return (x->record.shard.rank > y->record.shard.rank) -
           (x->record.shard.rank < y->record.shard.rank);
}

static bool fail_missing(const struct merge_shards *shards, struct failure *failure)
{
    enum { SHOWN = 8 };
    char list[SHOWN * 8 + 16] = "";
    const uint32_t n = shards->shard[0].record.shard.n;
    size_t at = 0, used = 0, n_missing = 0;
    for (uint32_t rank = 0; rank < n; rank++) {
        if (at < shards->n && shards->shard[at].record.shard.rank == rank) {
            at++;
            continue;
        }
        if (n_missing++ < SHOWN)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%u", used ? "," : "",
                                     rank);
    }
    return fail(failure, EXIT_INPUT, "%zu of %u shards %s missing: %s%s; run %s",
                n_missing, n, n_missing > 1 ? "are" : "is", list, n_missing > SHOWN ? ",..." : "",
                n_missing > 1 ? "them" : "it");
}

static bool check_ranks(struct merge_shards *shards, struct failure *failure)
{
    const struct merge_shard *shard = shards->shard;
    for (size_t i = 1; i < shards->n; i++)
        if (shard[i].record.shard.rank == shard[i - 1].record.shard.rank)
            return fail(failure, EXIT_INPUT, "%s and %s: are both shard %u; leave one out",
                        shard[i - 1].path, shard[i].path, shard[i].record.shard.rank);
    return shards->n == shard[0].record.shard.n || fail_missing(shards, failure);
}

static bool check_spans(const struct merge_shards *shards, struct failure *failure)
{
    uint64_t at = 0;
    for (size_t i = 0; i < shards->n; i++) {
        const struct shard_record *record = &shards->shard[i].record;
        if (record->begin != at)
            return fail(failure, EXIT_INPUT,
                        "%s: begins at utterance %llu, but the shard before it ends at %llu; were "
                        "the shards cut with different --balance, or did files change?",
                        shards->shard[i].path, (unsigned long long)record->begin,
                        (unsigned long long)at);
        at = record->end;
    }
    return at == shards->shard[0].record.total ||
           fail(failure, EXIT_INPUT, "%s: the last shard does not end with the list",
                shards->shard[shards->n - 1].path);
}

static bool check_file(const struct shard_file *file, struct failure *failure)
{
    char now[DIGEST_HEX];
    struct stat status;
    bool exists = stat(file->path, &status) == 0;
    if (exists && (uint64_t)status.st_size == file->n_byte) {
        if (!file_digest(file->path, now, failure)) return false;
        if (strcmp(now, file->sha256) == 0) return true;
    }
    return fail(failure, EXIT_INPUT, "%s: %s; run this shard again", file->path,
                exists ? "has changed since its shard was finished" : "is missing");
}

/* The output of a shard may have been renamed together with its record. */
static bool take_path(struct merge_shard *shard, struct failure *failure)
{
    for (size_t k = 0; k < shard->record.n_file; k++) {
        struct shard_file *file = &shard->record.file[k];
        if (file->role != SHARD_UNITS) continue;
        free(file->path);
        file->path = strdup(shard->path);
        if (!file->path) return fail_memory(failure);
    }
    return true;
}

static bool check_files(struct merge_shard *shard, const struct merge_shard *first,
                        struct failure *failure)
{
    for (size_t k = 0; k < shard->record.n_file; k++) {
        if (shard->record.file[k].role != first->record.file[k].role)
            return fail(failure, EXIT_INPUT, "%s: has other files than %s", shard->path,
                        first->path);
        if (!check_file(&shard->record.file[k], failure)) return false;
    }
    return true;
}

bool merge_shards_check(struct merge_shards *shards, struct failure *failure)
{
    for (size_t i = 0; i < shards->n; i++)
        if (!take_path(&shards->shard[i], failure)) return false;
    if (!check_others(shards, failure)) return false;
    for (size_t i = 1; i < shards->n; i++)
        if (!check_run(&shards->shard[0], &shards->shard[i], failure)) return false;
    qsort(shards->shard, shards->n, sizeof *shards->shard, by_rank);
    if (!check_ranks(shards, failure) || !check_spans(shards, failure)) return false;
    for (size_t i = 0; i < shards->n; i++)
        if (!check_files(&shards->shard[i], &shards->shard[0], failure)) return false;
    return true;
}
