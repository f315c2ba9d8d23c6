/* SPDX-License-Identifier: MIT */
#include "tools/command/merge.h"

#include "tools/cli/option_fit.h"
#include "tools/cli/option_rows.h"
#include "tools/command/command.h"
#include "tools/command/format_rows.h"
#include "tools/formats/unit_writer.h"

#include <stdlib.h>
#include <string.h>

#define AT(member) offsetof(struct merge_options, member)

static const struct option_row rows[] = {
    {OPTION_TEXT, 'o', "output", "OUT", AT(output),
     "Output file (default: standard output). It appears when it is complete.",
     .role = OPTION_WRITES},
    FORMAT_ROW_SCP(AT(scp)),
    FORMAT_ROW_DICT(AT(dict)),
    {OPTION_TEXT, 0, "tsv", "FILE", AT(tsv), "km: also write the fairseq manifest.",
     .role = OPTION_WRITES},
    OPTION_ROW_QUIET(AT(quiet)),
};

const struct option_table merge_option_table = {
    .command = "merge",
    .operands = "[OPTION]... SHARD...",
    .about = "Joins the shards that voq encode --shard wrote. The result has the bytes that one "
             "process would have written. All shards must be there, finished (each has its "
             "SHARD.done) and of one run; their order does not matter. Records (.done) and "
             "journals among the arguments are skipped.",
    .notes = "Exit codes: 0 success, 2 wrong usage, 3 a shard is missing, unfinished,\n"
             "changed or of another run, 5 the output failed.\n"
             "\n"
             "Examples:\n"
             "  voq merge units.gslm.* -o units.gslm\n"
             "  voq merge dev.ark.* -o dev.ark --scp dev.scp\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
    .given = AT(given),
};

static bool has_role(const struct merge_shards *shards, enum shard_role role)
{
    const struct shard_record *record = &shards->shard[0].record;
    for (size_t k = 0; k < record->n_file; k++)
        if (record->file[k].role == role) return true;
    return false;
}

static bool fit(const struct merge_options *options, const struct merge_shards *shards,
                struct failure *failure)
{
    static const char none[] = "has no effect, because the shards have no such file; leave it out";
    const struct option_rule rule[] = {
        {"output", shards->shard[0].record.n_file, none},
        {"scp", has_role(shards, SHARD_SCP), none},
        {"dict", has_role(shards, SHARD_DICT), none},
        {"tsv", has_role(shards, SHARD_TSV), none},
    };
    return option_fit(&merge_option_table, options, rule, sizeof rule / sizeof *rule, failure);
}

static bool guard_durations(struct option_guard *guard, const char *output,
                            struct failure *failure)
{
    char *path = unit_durations_path(output);
    bool good = path ? option_guard_writes(guard, path, failure) : fail_memory(failure);
    free(path);
    return good;
}

static bool guard_shard(struct option_guard *guard, const struct merge_shard *shard,
                        struct failure *failure)
{
    char *done = shard_record_path(shard->path, NULL);
    bool good = done ? option_guard_add(guard, done, false, true, failure) : fail_memory(failure);
    free(done);
    for (size_t k = 0; good && k < shard->record.n_file; k++)
        good = option_guard_add(guard, shard->record.file[k].path, true, true, failure);
    return good;
}

static bool guard_files(struct option_guard *guard, const struct merge_options *options,
                        const struct merge_shards *shards, struct failure *failure)
{
    if (!option_guard_options(guard, &merge_option_table, options, failure) ||
        (has_role(shards, SHARD_DURATIONS) && !guard_durations(guard, options->output, failure)))
        return false;
    for (size_t i = 0; i < shards->n; i++)
        if (!guard_shard(guard, &shards->shard[i], failure)) return false;
    return option_guard_check(guard, failure);
}

/* Removes from the other operands what an earlier merge wrote: OUT.* matches OUT.durations. */
static void skip_outputs(const struct merge_options *options, struct merge_shards *shards)
{
    char *durations = unit_durations_path(options->output);
    size_t n = 0;
    for (size_t i = 0; i < shards->n_other; i++) {
        const char *path = shards->other[i];
        bool is_output = durations && option_guard_same_output(durations, path);
        if (!is_output) shards->other[n++] = path;
    }
    shards->n_other = n;
    free(durations);
}

static void say_failures(const struct merge_shards *shards, struct messages *messages)
{
    uint64_t n = 0;
    for (size_t i = 0; i < shards->n; i++) n += shards->shard[i].record.n_failed;
    if (n)
        messages_warn(messages, "%llu of %llu inputs failed when the shards were encoded",
                      (unsigned long long)n,
                      (unsigned long long)shards->shard[0].record.total);
    if (!shards->shard[0].record.n_file)
        messages_note(messages,
                      "all %zu shards are finished; format %s writes a folder, which needs no "
                      "merging", shards->n, shards->shard[0].record.format);
}

static bool merge(const struct merge_options *options, struct merge_shards *shards, char **operand,
                  size_t n, struct option_guard *guard, struct messages *messages,
                  struct failure *failure)
{
    if (!merge_shards_read(shards, operand, n, failure)) return false;
    skip_outputs(options, shards);
    if (!merge_shards_check(shards, failure) || !fit(options, shards, failure) ||
        !guard_files(guard, options, shards, failure) || !merge_write(options, shards, failure))
        return false;
    say_failures(shards, messages);
    return true;
}

int command_merge(int argc, char **argv, struct messages *messages)
{
    struct merge_options options = {.output = "-"};
    struct merge_shards shards = {0};
    struct option_guard guard = {0};
    struct failure failure;
    char **operand;
    size_t n_operand;
    switch (options_parse(&merge_option_table, argc, argv, &options, &operand, &n_operand,
                          &failure)) {
    case OPTIONS_DONE: return EXIT_FINE;
    case OPTIONS_FAILED: return messages_failure(messages, &failure);
    case OPTIONS_RUN: break;
    }
    messages->quiet = options.quiet;
    bool good = merge(&options, &shards, operand, n_operand, &guard, messages, &failure);
    option_guard_free(&guard);
    merge_shards_free(&shards);
    return good ? EXIT_FINE : messages_failure(messages, &failure);
}
