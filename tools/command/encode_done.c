/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_done.h"

#include "tools/base/path.h"
#include "tools/command/encode_fit.h"
#include "tools/command/encode_identity.h"
#include "tools/command/shard_record.h"
#include "tools/formats/unit_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool encode_output_is_file(const char *output)
{
    struct stat status;
    if (strcmp(output, "-") == 0) return false;
    return stat(output, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

const struct shard *encode_shared_folder(const struct encode_options *options,
                                         const struct encode_items *items, struct shard *shard)
{
    const struct unit_format *units;
    const struct feature_format *features;
    struct failure refused;
    if (!options->n_shard || !encode_format(options, &units, &features, &refused)) return NULL;
    bool names_rank = features && (feature_format_writer_options(features) & WRITER_SHARDS);
    unsigned traits = units ? units->traits : features->traits;
    if (!names_rank && !format_out_is_folder(traits, options->output, items->n_list == 1))
        return NULL;
    *shard = (struct shard){options->rank, options->n_shard};
    return shard;
}

static bool has_record(const struct encode_options *options)
{
    return options->n_shard && encode_output_is_file(options->output);
}

static char *record_path(const struct encode_options *options, const struct encode_items *items)
{
    struct shard shard;
    return shard_record_path(options->output, encode_shared_folder(options, items, &shard));
}

static bool check_old(const struct encode_options *options, const struct encode_items *items,
                      const char *path, struct failure *failure)
{
    struct shard_record old;
    struct failure why;
    char list[SHARD_HASH];
    bool found;
    if (!shard_record_read(&old, path, &found, &why))
        return fail(failure, EXIT_USAGE, "%s; move it or choose another -o", why.text);
    shard_record_hash(list, encode_list_hash(items));
    bool other = found && old.shard.n == options->n_shard && old.shard.rank != options->rank &&
                 strcmp(old.list, list) == 0;
    uint32_t rank = old.shard.rank;
    shard_record_clear(&old);
    return !other || fail(failure, EXIT_USAGE,
                          "%s: is shard %u of %u, not %u; give each shard its own -o",
                          options->output, rank, options->n_shard, options->rank);
}

bool encode_done_check(const struct encode_options *options, const struct encode_items *items,
                       struct option_guard *guard, struct failure *failure)
{
    if (!has_record(options)) return true;
    char *path = record_path(options, items);
    bool good = path ? option_guard_writes(guard, path, failure) : fail_memory(failure);
    good = good && check_old(options, items, path, failure);
    free(path);
    return good;
}

static bool add_durations(struct shard_record *record, const struct encode_options *options,
                          struct failure *failure)
{
    const struct unit_format *units;
    const struct feature_format *features;
    if (!options->durations || !encode_format(options, &units, &features, failure) ||
        !(unit_format_writer_options(units) & WRITER_DURATIONS_FILE))
        return !options->durations || units;
    char *path = unit_durations_path(options->output);
    bool good = path ? shard_record_add(record, SHARD_DURATIONS, path, failure)
                     : fail_memory(failure);
    free(path);
    return good;
}

static bool add_files(struct shard_record *record, const struct encode_options *options,
                      const struct encode_plan *plan, struct failure *failure)
{
    const char *tsv = plan->manifest ? options->tsv : NULL;
    return shard_record_add(record, SHARD_UNITS, options->output, failure) &&
           add_durations(record, options, failure) &&
           (!options->scp || shard_record_add(record, SHARD_SCP, options->scp, failure)) &&
           (!options->dict || shard_record_add(record, SHARD_DICT, options->dict, failure)) &&
           (!tsv || shard_record_add(record, SHARD_TSV, tsv, failure));
}

bool encode_done_write(const struct encode_options *options, const struct encode_plan *plan,
                       const struct encode_items *items, size_t n_failed, struct failure *failure)
{
    if (!has_record(options)) return true;
    struct shard shard;
    const struct shard *shared = encode_shared_folder(options, items, &shard);
    const uint64_t begin = items->item ? (uint64_t)(items->item - items->list) : 0;
    struct shard_record record = {.shard = {options->rank, options->n_shard},
                                  .begin = begin,
                                  .end = begin + items->n,
                                  .total = items->n_list,
                                  .n_failed = n_failed};
    snprintf(record.format, sizeof record.format, "%s", encode_format_name(options));
    memcpy(record.model, plan->info.hash, sizeof record.model);
    shard_record_hash(record.options, encode_options_hash(options, plan));
    shard_record_hash(record.list, encode_list_hash(items));
    char *path = shard_record_path(options->output, shared);
    bool is_file = !shared && !path_is_folder(options->output);
    bool good = (path || fail_memory(failure)) &&
                (!is_file || add_files(&record, options, plan, failure)) &&
                shard_record_write(&record, path, failure);
    shard_record_clear(&record);
    free(path);
    return good;
}
