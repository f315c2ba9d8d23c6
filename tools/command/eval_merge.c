/* SPDX-License-Identifier: MIT */
#include "tools/command/eval_merge.h"

#include "tools/base/growing.h"
#include "tools/base/line_reader.h"
#include "tools/command/eval_merge_run.h"

#include <stdlib.h>
#include <string.h>

struct merge_part {
    const char *path;
    struct shard shard;
    uint64_t begin, end, n_failed;
};

static bool fail_line(const struct line_reader *reader, struct failure *failure)
{
    return line_reader_fail(reader, failure,
                            "is not a line that voq eval --shard writes here; run this shard "
                            "again");
}

/* Reads a line as an object; NULL at the end of the file. */
static bool read_object(struct line_reader *reader, struct json **object, struct failure *failure)
{
    char *line;
    size_t length, column;
    const char *reason;
    *object = NULL;
    if (!line_reader_next(reader, &line, &length, failure) || !line) return line == NULL;
    *object = json_parse(line, length, &column, &reason);
    if (*object && (*object)->type == JSON_OBJECT) return true;
    json_free(*object);
    *object = NULL;
    return fail_line(reader, failure);
}

/* ---- the heads ------------------------------------------------------------------------------- */

static bool take_head(struct merge_part *part, const struct json *head)
{
    uint64_t n;
    if (!head || !json_get_u32(head, "shard", &part->shard.rank) ||
        !json_get_whole(head, "first", UINT64_MAX / 2, &part->begin) ||
        !json_get_whole(head, "utterances", UINT64_MAX / 2, &n) ||
        !json_get_whole(head, "failures", n, &part->n_failed))
        return false;
    part->end = part->begin + n;
    return true;
}

static bool take_run(struct eval_merge *merge, struct line_reader *reader, const char *first,
                     struct failure *failure)
{
    char *line;
    size_t length;
    if (!line_reader_next(reader, &line, &length, failure)) return false;
    if (!line) return fail_line(reader, failure);
    if (!merge->run_text) {
        merge->run_text = strdup(line);
        return merge->run_text || fail_memory(failure);
    }
    return strcmp(line, merge->run_text) == 0 ||
           fail(failure, EXIT_INPUT,
                "%s: is of another run than %s: models, options or inputs differ; merge the shards "
                "of one run", line_reader_path(reader), first);
}

static bool read_head(struct eval_merge *merge, const char *path, struct failure *failure)
{
    struct merge_part *part = &merge->part[merge->n++];
    struct line_reader *reader;
    struct json *head = NULL;
    part->path = path;
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good = read_object(reader, &head, failure) &&
                (take_head(part, head) || fail_line(reader, failure)) &&
                take_run(merge, reader, merge->part[0].path, failure);
    json_free(head);
    line_reader_close(reader);
    return good;
}

static int by_rank(const void *a, const void *b)
{
    const struct merge_part *x = a, *y = b;
    return (x->shard.rank > y->shard.rank) - (x->shard.rank < y->shard.rank);
}

static bool check_parts(struct eval_merge *merge, uint32_t n_shard, uint64_t total,
                        struct failure *failure)
{
    uint64_t at = 0;
    qsort(merge->part, merge->n, sizeof *merge->part, by_rank);
    for (size_t i = 0; i < merge->n; i++) {
        const struct merge_part *part = &merge->part[i];
        if (i > 0 && part->shard.rank == merge->part[i - 1].shard.rank)
            return fail(failure, EXIT_INPUT, "%s and %s: are both shard %u; leave one out",
                        merge->part[i - 1].path, part->path, part->shard.rank);
        if (part->shard.rank != i || i >= n_shard)
            return fail(failure, EXIT_INPUT, "shard %zu of %u is missing; run it", i, n_shard);
        if (part->begin != at)
            return fail(failure, EXIT_INPUT, "%s: does not begin where the shard before it ends",
                        part->path);
        at = part->end;
    }
    return (merge->n == n_shard && at == total) ||
           fail(failure, EXIT_INPUT, "shard %zu of %u is missing; run it", merge->n, n_shard);
}

/* ---- the lines ------------------------------------------------------------------------------- */

static bool take_ids(const struct json *ids, size_t n, uint32_t *id)
{
    uint64_t whole;
    size_t i = 0;
    for (const struct json *at = ids->child; at; at = at->next, i++) {
        if (at->type != JSON_NULL && !json_whole(at, NO_UNIT - 1, &whole)) return false;
        id[i] = at->type == JSON_NULL ? NO_UNIT : (uint32_t)whole;
    }
    return i == n;
}

static bool take_sums(struct quantizer_sums *sums, uint32_t dim, const struct json *line)
{
    const struct json *array = json_get_array(line, "sums"), *at = array ? array->child : NULL;
    uint64_t frames;
    if (!json_whole(at, UINT64_MAX / 2, &frames)) return false;
    sums->frames += frames;
    for (size_t k = 0; k < 1 + 2 * (size_t)dim; k++) {
        at = at->next;
        if (!at || at->type != JSON_NUMBER) return false;
        if (k == 0)
            sums->squared_error += at->number;
        else if (k <= dim)
            sums->sum[k - 1] += at->number;
        else
            sums->squares[k - 1 - dim] += at->number;
    }
    return at->next == NULL;
}

static bool take_utterance(struct eval_merge *merge, struct eval_sources *s,
                           const struct json *line, bool *good, struct failure *failure)
{
    const char *name, *speaker;
    const struct json *ids = json_get_array(line, "ids");
    uint64_t subject;
    size_t n = 0;
    *good = ids && json_get_text(line, "utt", &name) && name &&
            json_get_text(line, "speaker", &speaker) &&
            json_get_whole(line, "subject", s->n_subject - 1, &subject);
    if (!*good) return true;
    struct unit_set *units = &s->units[subject];
    for (const struct json *at = ids->child; at; at = at->next) n++;
    uint32_t *id = zeroed(n, sizeof *id, failure);
    if (!id) return false;
    *good = n % units->n_codebook == 0 && take_ids(ids, n, id) &&
            (!merge->sums || take_sums(&merge->sums[subject], merge->dim[subject], line));
    bool done = !*good ||
                unit_set_add(units, name, speaker, id, n / units->n_codebook, failure);
    free(id);
    return done;
}

static bool take_line(struct eval_merge *merge, struct eval_sources *s,
                      const struct line_reader *reader, const struct json *line,
                      struct failure *failure)
{
    bool good = true;
    bool done = json_get(line, "utt") ? take_utterance(merge, s, line, &good, failure)
                                      : eval_stored_take(&merge->stored, line, &good, failure);
    return done && (good || fail_line(reader, failure));
}

/* Skips the two lines of the head. */
static bool read_lines(struct eval_merge *merge, struct eval_sources *s,
                       struct line_reader *reader, struct failure *failure)
{
    for (;;) {
        struct json *line;
        uint64_t n_before = line_reader_number(reader), n;
        if (!read_object(reader, &line, failure)) return false;
        if (!line)
            return fail(failure, EXIT_INPUT, "%s: is cut off; run this shard again",
                        line_reader_path(reader));
        bool is_end = json_get(line, "end") != NULL;
        bool good = is_end ? (json_get_whole(line, "end", UINT64_MAX, &n) && n == n_before) ||
                                 fail_line(reader, failure)
                           : n_before < 2 || take_line(merge, s, reader, line, failure);
        json_free(line);
        if (!good || is_end) return good;
    }
}

static bool read_part(struct eval_merge *merge, struct eval_sources *s,
                      const struct merge_part *part, struct failure *failure)
{
    struct line_reader *reader;
    if (!line_reader_open(&reader, part->path, failure)) return false;
    bool good = read_lines(merge, s, reader, failure);
    line_reader_close(reader);
    eval_stored_end_shard(&merge->stored);
    merge->n_failed += part->n_failed;
    return good;
}

/* ---- all ------------------------------------------------------------------------------------- */

/* Features that have no units are utterances of the bootstrap too. */
static bool add_names(const struct eval_merge *merge, struct eval_sources *s,
                      struct failure *failure)
{
    const struct name_index *names = &merge->stored.names;
    for (uint32_t i = 0; i < names->n; i++) {
        if (unit_set_find(&s->units[0], names->name[i])) continue;
        float *none = zeroed(1, sizeof *none, failure);
        if (!none || !feature_set_add(&s->features[0], names->name[i], none, 0, 1, failure))
            return false;
    }
    return true;
}

static bool finish(struct eval_merge *merge, struct eval_sources *s, struct failure *failure)
{
    for (size_t i = 0; i < s->n_subject; i++) {
        if (!unit_set_finish(&s->units[i], failure)) return false;
        if (merge->sums)
            s->quantizer_error[i] = quantizer_error_of(&merge->sums[i], merge->dim[i]);
        const struct stored_scores *features = &merge->stored.features[i];
        if ((s->has_items && !eval_stored_is_whole(&merge->stored.units[i])) ||
            (features->is_known && !eval_stored_is_whole(features)))
            return fail(failure, EXIT_INPUT, "the shards lack some cells of ABX; run them again");
    }
    if (merge->n_failed)
        messages_warn(s->messages, "%llu utterances failed when the shards were measured",
                      (unsigned long long)merge->n_failed);
    s->stored = &merge->stored;
    return add_names(merge, s, failure);
}

bool eval_merge_read(struct eval_merge *merge, struct eval_options *options,
                     struct eval_sources *s, char **operand, size_t n, struct failure *failure)
{
    uint32_t n_shard;
    uint64_t total;
    if (n == 0) return fail(failure, EXIT_USAGE, "no shard; name the files that --shard wrote");
    merge->part = zeroed(n, sizeof *merge->part, failure);
    if (!merge->part) return false;
    for (size_t i = 0; i < n; i++)
        if (!read_head(merge, operand[i], failure)) return false;
    if (!eval_merge_run(merge, options, s, &n_shard, &total, failure) ||
        !check_parts(merge, n_shard, total, failure) ||
        !eval_merge_sources(options, s, operand, n, failure))
        return false;
    for (size_t i = 0; i < merge->n; i++)
        if (!read_part(merge, s, &merge->part[i], failure)) return false;
    return finish(merge, s, failure);
}

void eval_merge_clear(struct eval_merge *merge)
{
    for (size_t i = 0; merge->sums && i < merge->stored.n_subject; i++)
        quantizer_sums_clear(&merge->sums[i]);
    eval_stored_clear(&merge->stored);
    free(merge->sums);
    free(merge->dim);
    free(merge->part);
    free(merge->run_text);
    json_free(merge->run);
}
