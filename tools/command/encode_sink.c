/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_sink.h"

#include "tools/base/part_file.h"
#include "tools/command/beside_output.h"
#include "tools/command/done_items.h"
#include "tools/command/encode_distances.h"
#include "tools/command/encode_done.h"
#include "tools/command/encode_fit.h"
#include "tools/command/encode_identity.h"
#include "tools/command/encode_manifest.h"
#include "tools/command/journal.h"
#include "tools/formats/feature_writer.h"
#include "tools/formats/outputs.h"
#include "tools/formats/unit_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { JOURNAL_SUFFIX = 64 };

struct encode_sink {
    struct unit_writer *units;       /* one of the two */
    struct feature_writer *features;
    struct encode_distances distances;
    struct journal *journal;         /* NULL if --resume is not possible for this output */
    struct done_items done;
    unsigned traits;
    bool any_done; /* by this run or the previous one */
};

_Static_assert(UNIT_WRITER_FILES <= JOURNAL_FILES && FEATURE_WRITER_FILES <= JOURNAL_FILES,
               "the journal has room for the length of every file");

static void say_note(void *context, const char *text)
{
    messages_warn(context, "%s", text);
}

static bool keeps_journal(const struct encode_options *options)
{
    return encode_output_is_file(options->output) && !options->distances;
}

static bool from_pipe(const struct encode_items *items)
{
    for (size_t i = 0; i < items->n; i++)
        if (strcmp(items->item[i].utterance->path, "-") == 0) return true;
    return false;
}

static bool find_outputs(const struct encode_options *options, struct outputs *outputs,
                         struct failure *failure)
{
    const struct unit_format *units;
    const struct feature_format *features;
    if (!encode_format(options, &units, &features, failure)) return false;
    *outputs = features
                   ? (struct outputs){.format = features->name, .traits = features->traits,
                                      .name_rule = features->name_rule,
                                      .suffix = features->suffix[0]}
                   : (struct outputs){.format = units->name, .traits = units->traits,
                                      .name_rule = units->name_rule, .suffix = units->suffix[0]};
    outputs->path = options->output;
    outputs->name_escape = options->name_escape;
    outputs->name_folders = options->names == NAMES_PATH;
    return true;
}

static void journal_suffix(const struct encode_options *options, const struct encode_items *items,
                           char suffix[JOURNAL_SUFFIX])
{
    struct shard shard;
    if (encode_shared_folder(options, items, &shard))
        snprintf(suffix, JOURNAL_SUFFIX, ".%u-of-%u.journal", shard.rank, shard.n);
    else
        strcpy(suffix, ".journal");
}

static bool note_journal(const struct encode_options *options, const struct encode_items *items,
                         struct option_guard *guard, struct failure *failure)
{
    char suffix[JOURNAL_SUFFIX];
    journal_suffix(options, items, suffix);
    char *path = beside_output(options->output, suffix);
    bool good = path ? option_guard_writes(guard, path, failure) : fail_memory(failure);
    free(path);
    return good;
}

static bool check_resume(const struct encode_options *options, struct failure *failure)
{
    return !options->resume || encode_output_is_file(options->output) ||
           fail(failure, EXIT_USAGE,
                "--resume has no effect, because %s is not a file or folder; leave it "
                "out", options->output);
}

/* Checks that the run writes no file that it reads. */
static bool check_files(const struct encode_options *options, const struct encode_items *items,
                        struct option_guard *guard, unsigned *traits, struct failure *failure)
{
    struct outputs outputs;
    if ((keeps_journal(options) && !note_journal(options, items, guard, failure)) ||
        !encode_done_check(options, items, guard, failure) ||
        !option_guard_check(guard, failure) ||
        !find_outputs(options, &outputs, failure))
        return false;
    *traits = outputs.traits;
    outputs.one_input = items->n_list == 1;
    outputs.guard = (struct format_guard){option_guard_allows, guard};
    for (size_t i = 0; i < items->n; i++)
        if (!outputs_allow(&outputs, items->item[i].name, failure)) return false;
    return encode_distances_check(options, items, &outputs, failure);
}

static bool open_units(struct encode_sink *sink, const struct encode_options *options,
                       const struct encode_plan *plan, const struct encode_items *items,
                       struct option_guard *guard, struct format_notes notes,
                       const struct sink_mark *resume, struct failure *failure)
{
    const struct unit_format *format;
    const struct feature_format *none;
    if (!encode_format(options, &format, &none, failure)) return false;
    if ((format->traits & FORMAT_TIMES) && plan->info.rate_hz == 0)
        return fail(failure, EXIT_USAGE,
                    "format %s needs times, which a model of vectors does not have; write gslm, "
                    "then use voq convert --hop SAMPLES --rate HZ", format->name);
    struct unit_writer_options writer = {
        .format = format,
        .path = options->output,
        .one_input = items->n_list == 1,
        .facts = {.n_code = plan->info.n_code,
                  .n_codebook = plan->info.n_codebook,
                  .hop_samples = plan->info.hop_samples,
                  .rate_hz = plan->info.rate_hz},
        .dedup = options->dedup,
        .durations = options->durations,
        .text = options->text,
        .npy_type = (enum npy_type)options->npy_type,
        .scp_path = options->scp,
        .dict_path = options->dict,
        .tsv_path = plan->manifest ? options->tsv : NULL,
        .tsv_root = plan->manifest ? plan->manifest->line : NULL,
        .label = plan->label,
        .name_escape = options->name_escape,
        .name_folders = options->names == NAMES_PATH,
        .shared = options->n_shard > 0,
        .flush = from_pipe(items),
        .tag = sink->journal ? journal_tag(sink->journal) : NULL,
        .resume = resume,
        .notes = notes,
        .guard = {option_guard_allows, guard},
    };
    memcpy(writer.facts.model_hash, plan->info.hash, sizeof writer.facts.model_hash);
    return unit_writer_open(&sink->units, &writer, failure);
}

static bool open_features(struct encode_sink *sink, const struct encode_options *options,
                          const struct encode_plan *plan, const struct encode_items *items,
                          struct option_guard *guard, struct format_notes notes,
                          const struct sink_mark *resume, struct failure *failure)
{
    const struct unit_format *none;
    const struct feature_format *format;
    if (!encode_format(options, &none, &format, failure)) return false;
    const struct feature_writer_options writer = {
        .format = format,
        .path = options->output,
        .one_input = items->n_list == 1,
        .dim = plan->info.dim,
        .text = options->text,
        .scp_path = options->scp,
        .split = options->split,
        .rank = options->rank,
        .n_shard = options->n_shard,
        .shared = options->n_shard > 0,
        .name_escape = options->name_escape,
        .tag = sink->journal ? journal_tag(sink->journal) : NULL,
        .name_folders = options->names == NAMES_PATH,
        .resume = resume,
        .notes = notes,
        .guard = {option_guard_allows, guard},
    };
    return feature_writer_open(&sink->features, &writer, failure);
}

static bool has_file(void *context, const char *name, const struct sink_mark *mark)
{
    const struct encode_sink *sink = context;
    return sink->units ? unit_writer_has(sink->units, name, mark)
                       : feature_writer_has(sink->features, name, mark);
}

static bool open_writer(struct encode_sink *sink, const struct encode_options *options,
                        const struct encode_plan *plan, const struct encode_items *items,
                        struct option_guard *guard, struct messages *messages,
                        struct failure *failure)
{
    const struct format_notes notes = {say_note, messages};
    const struct sink_mark *resume = done_items_mark(&sink->done);
    return plan->features
               ? open_features(sink, options, plan, items, guard, notes, resume, failure)
               : open_units(sink, options, plan, items, guard, notes, resume, failure);
}

static bool open_journal(struct encode_sink *sink, const struct encode_options *options,
                         const struct encode_plan *plan, const struct encode_items *items,
                         struct failure *failure)
{
    char suffix[JOURNAL_SUFFIX];
    const struct journal_request request = {.output = options->output,
                                            .suffix = suffix,
                                            .hash = encode_run_hash(options, plan, items),
                                            .n_item = items->n,
                                            .resume = options->resume,
                                            .shared = options->n_shard > 0};
    if (!keeps_journal(options)) return true;
    journal_suffix(options, items, suffix);
    return journal_open(&sink->journal, &request, failure);
}

/* Nothing on disk may change before the writer is open, so that a rejected run loses nothing. */
static bool open_journaled(struct encode_sink *sink, const struct encode_options *options,
                           const struct encode_plan *plan, const struct encode_items *items,
                           struct option_guard *guard, struct messages *messages,
                           struct failure *failure)
{
    if (!done_items_find(&sink->done, sink->journal, items, sink->traits & FORMAT_FILE_EACH,
                         failure) ||
        !open_writer(sink, options, plan, items, guard, messages, failure) ||
        !journal_cut(sink->journal, sink->done.n_line, failure))
        return false;
    if (sink->traits & FORMAT_FILE_EACH) done_items_check(&sink->done, items, has_file, sink);
    if (journal_is_old(sink->journal)) part_sweep(options->output, journal_tag(sink->journal));
    done_items_report(&sink->done, items, messages);
    sink->any_done = sink->done.n > 0;
    return true;
}

static void release(struct encode_sink *sink)
{
    done_items_free(&sink->done);
    free(sink);
}

bool encode_sink_open(struct encode_sink **out, const struct encode_options *options,
                      const struct encode_plan *plan, const struct encode_items *items,
                      struct option_guard *guard, struct messages *messages,
                      struct failure *failure)
{
    struct encode_sink *sink = calloc(1, sizeof *sink);
    if (!sink) return fail_memory(failure);
    bool good = check_resume(options, failure) &&
                check_files(options, items, guard, &sink->traits, failure) &&
                open_journal(sink, options, plan, items, failure) &&
                (sink->journal
                     ? open_journaled(sink, options, plan, items, guard, messages, failure)
                     : open_writer(sink, options, plan, items, guard, messages, failure)) &&
                encode_distances_open(&sink->distances, options, plan, items, guard, failure) &&
                done_items_list_rest(&sink->done, items->n, failure);
    if (good) {
        *out = sink;
        return true;
    }
    sink->any_done = sink->journal && journal_is_old(sink->journal);
    encode_sink_leave(sink);
    release(sink);
    return false;
}

const size_t *encode_sink_todo(const struct encode_sink *sink, size_t *n)
{
    *n = sink->done.n_todo;
    return sink->done.todo;
}

size_t encode_sink_n_failed(const struct encode_sink *sink)
{
    return sink->done.n_failed;
}

bool encode_sink_keeps_journal(const struct encode_sink *sink)
{
    return sink->journal != NULL;
}

bool encode_sink_needs_all(const struct encode_sink *sink)
{
    return sink->traits & FORMAT_ORDER;
}

bool encode_sink_begin(struct encode_sink *sink, const char *name, struct failure *failure)
{
    struct feature_writer *distances = sink->distances.writer;
    struct failure ignored;
    if (!sink->units) return feature_writer_begin(sink->features, name, failure);
    if (distances && !feature_writer_begin(distances, name, failure)) return false;
    if (unit_writer_begin(sink->units, name, failure)) return true;
    if (distances) feature_writer_drop(distances, &ignored);
    return false;
}

bool encode_sink_rows(struct encode_sink *sink, const void *row, size_t n,
                      struct failure *failure)
{
    if (!sink->units) return feature_writer_frames(sink->features, row, n, failure);
    if (!sink->distances.writer) return unit_writer_units(sink->units, row, n, failure);
    return encode_distances_rows(&sink->distances, row, n, failure) &&
           unit_writer_units(sink->units, sink->distances.id, n, failure);
}

/* Feature files cannot store gaps; their frames simply continue. */
bool encode_sink_gap(struct encode_sink *sink, const struct encode_gap *gap,
                     struct failure *failure)
{
    return !sink->units ||
           unit_writer_gap(sink->units, gap->n_frame, gap->lost, gap->why, failure);
}

void encode_sink_file(struct encode_sink *sink, const char *path, uint64_t n_sample)
{
    unit_writer_file(sink->units, path, n_sample);
}

bool encode_sink_end(struct encode_sink *sink, struct failure *failure)
{
    struct feature_writer *distances = sink->distances.writer;
    struct failure ignored;
    if (!sink->units) return feature_writer_end(sink->features, failure);
    if (unit_writer_end(sink->units, failure))
        return !distances || feature_writer_end(distances, failure);
    if (distances) feature_writer_drop(distances, &ignored);
    return false;
}

bool encode_sink_drop(struct encode_sink *sink, struct failure *failure)
{
    if (!sink->units) return feature_writer_drop(sink->features, failure);
    return (!sink->distances.writer || feature_writer_drop(sink->distances.writer, failure)) &&
           unit_writer_drop(sink->units, failure);
}

bool encode_sink_done(struct encode_sink *sink, size_t item, bool failed,
                      const struct input_state *input, struct failure *failure)
{
    if (!sink->journal) return true;
    struct journal_line line = {.item = item, .failed = failed, .input = *input};
    bool noted = (sink->units ? unit_writer_mark(sink->units, line.mark, failure)
                              : feature_writer_mark(sink->features, line.mark, failure)) &&
                 journal_add(sink->journal, &line, failure);
    sink->any_done |= noted;
    return noted;
}

bool encode_sink_commit(struct encode_sink *sink, struct failure *failure)
{
    bool good = sink->units ? unit_writer_commit(sink->units, failure)
                            : feature_writer_commit(sink->features, failure);
    if (good && sink->distances.writer) {
        good = feature_writer_commit(sink->distances.writer, failure);
        sink->distances.writer = NULL;
    }
    feature_writer_abandon(sink->distances.writer, false);
    journal_remove(sink->journal);
    release(sink);
    return good;
}

bool encode_sink_leave(struct encode_sink *sink)
{
    if (!sink) return false;
    bool keep = sink->journal && sink->any_done;
    if (sink->units)
        unit_writer_abandon(sink->units, keep);
    else
        feature_writer_abandon(sink->features, keep);
    if (keep)
        journal_keep(sink->journal);
    else
        journal_remove(sink->journal);
    feature_writer_abandon(sink->distances.writer, false);
    return keep;
}
