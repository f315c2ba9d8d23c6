/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/base/path.h"
#include "tools/base/utf8.h"
#include "tools/formats/feature_ops.h"
#include "tools/formats/feature_shard_place.h"
#include "tools/formats/npy_header.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* fairseq's shards: SPLIT_RANK_NSHARD.npy, float32 [total][dim], all utterances one after another,
   and .len, one line per utterance with its number of frames. Only the manifest has names. */

static bool open_shard(struct feature_writer *w, struct failure *failure)
{
    const struct feature_writer_options *o = &w->options;
    const char *split = o->split ? o->split : "train";
    uint32_t n_shard = o->n_shard ? o->n_shard : 1;
    if (strcmp(o->path, "-") == 0)
        return fail(failure, EXIT_USAGE, "format hubert writes two files; let -o name a folder");
    if (o->rank >= n_shard || strchr(split, '/'))
        return fail(failure, EXIT_USAGE, "there is no shard %u of %u of '%s'; --rank counts from 0",
                    o->rank, n_shard, split);
    size_t size = strlen(o->path) + strlen(split) + 64;
    char *path = malloc(size);
    if (!path) return fail_memory(failure);
    static const char *const suffix[] = {"npy", "len"};
    bool ok = mkdir(o->path, 0777) == 0 || path_is_folder(o->path) ||
              fail(failure, EXIT_OUTPUT, "%s: the folder cannot be created: %s", o->path,
                   strerror(errno));
    w->out.head = NPY_HEADER_SIZE;
    for (int i = 0; i < 2 && ok; i++) {
        snprintf(path, size, "%s/%s_%u_%u.%s", o->path, split, o->rank, n_shard, suffix[i]);
        ok = outputs_open(&w->out, i, path, failure);
    }
    free(path);
    if (!ok) return false;
    bool goes_on = o->resume && o->resume[0].length > NPY_HEADER_SIZE;
    if (goes_on) w->n_total = (o->resume[0].length - NPY_HEADER_SIZE) / 4 / o->dim;
    char header[NPY_HEADER_SIZE];
    npy_make_header(header, "<f4", w->n_total, o->dim);
    if (goes_on) {
        sink_patch(w->out.sink[0], 0, header, sizeof header);
    } else {
        sink_cut(w->out.sink[0], 0);
        sink_write(w->out.sink[0], header, sizeof header);
    }
    return true;
}

static void frames(struct feature_writer *w, const float *x, size_t n)
{
    feature_write_f4(w->out.sink[0], x, n * w->options.dim);
}

static bool end(struct feature_writer *w, struct failure *failure)
{
    (void)failure;
    char header[NPY_HEADER_SIZE];
    npy_make_header(header, "<f4", w->n_total + w->n_frame, w->options.dim);
    sink_patch(w->out.sink[0], 0, header, sizeof header);
    sink_decimal(w->out.sink[1], w->n_frame);
    sink_text(w->out.sink[1], "\n");
    return true;
}

static const struct feature_writer_ops writer = {
    .options = WRITER_SHARDS, .open = open_shard, .frames = frames, .end = end};

struct state {
    struct npy_header header;
    struct line_reader *lengths;
    uint64_t n_given; /* frames of all utterances so far */
    char **name;      /* [n_name] of the manifest's slice; NULL: no manifest */
    size_t n_name, name_capacity, n_entry, next;
    struct feature_shard_place place;
    bool has_rank; /* the path states its rank; else it is the only shard */
};

static void close_shard(struct feature_reader *r)
{
    struct state *s = r->state;
    line_reader_close(s->lengths);
    for (size_t i = 0; i < s->n_name; i++) free(s->name[i]);
    free(s->name);
}

static char *copy_name(const char *path, bool names_from_path)
{
    if (!names_from_path) return path_stem_copy(path);
    char *name = malloc(strlen(path) + 1);
    if (name) path_write_name(path, name);
    return name;
}

static bool add_name(struct feature_reader *r, const struct line_reader *lines, char *line,
                     struct failure *failure)
{
    struct state *s = r->state;
    if (!grow(&s->name, &s->name_capacity, s->n_name + 1, sizeof *s->name, failure)) return false;
    line[strcspn(line, "\t")] = '\0';
    char *name = copy_name(line, r->options.names_from_path);
    if (!name) return fail_memory(failure);
    s->name[s->n_name++] = name;
    return *name || line_reader_fail(lines, failure, "'%s' has no name", line);
}

static bool read_manifest(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    struct line_reader *lines;
    if (!line_reader_open(&lines, r->options.tsv_path, failure)) return false;
    char *line;
    size_t length;
    bool ok = line_reader_next(lines, &line, &length, failure); /* the root */
    while (ok && line) {
        ok = line_reader_next(lines, &line, &length, failure);
        if (ok && line) ok = add_name(r, lines, utf8_strip(line), failure);
    }
    line_reader_close(lines);
    if (!ok) return false;
    s->next = feature_shard_begin(s->n_name, s->place.rank, s->place.n_shard);
    s->n_entry = feature_shard_begin(s->n_name, s->place.rank + 1, s->place.n_shard);
    return true;
}

static bool open_pair(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    s->has_rank = feature_shard_place(r->in.path, &s->place);
    if (!s->has_rank && !r->options.any_shard_name)
        return fail(failure, EXIT_USAGE,
                    "%s: the name of a shard must be SPLIT_RANK_NSHARD.npy", r->in.path);
    if (!s->has_rank) s->place = (struct feature_shard_place){.n_shard = 1};
    char *path = strdup(r->in.path);
    if (!path) return fail_memory(failure);
    strcpy(path + strlen(path) - 3, "len");
    bool ok = line_reader_open(&s->lengths, path, failure);
    free(path);
    if (!ok || !byte_reader_open(&r->in.bytes, r->in.path, failure) ||
        !npy_read_header(r->in.bytes, &s->header, failure))
        return false;
    if (s->header.kind != 'f' || s->header.n_dim != 2 || s->header.fortran)
        return byte_reader_fail(r->in.bytes, 0, failure, "no array of floats [frame][dim]");
    return !r->options.tsv_path || read_manifest(r, failure);
}

static bool check_end(struct feature_reader *r, struct failure *failure)
{
    const struct state *s = r->state;
    if (s->n_given != s->header.shape[0])
        return fail(failure, EXIT_INPUT, "%s: %llu frames, but the lengths in %s sum to %llu",
                    r->in.path, (unsigned long long)s->header.shape[0],
                    line_reader_path(s->lengths), (unsigned long long)s->n_given);
    if (r->options.tsv_path && s->next != s->n_entry)
        return fail(failure, EXIT_INPUT, "%s: ends before its part of %s does",
                    line_reader_path(s->lengths), r->options.tsv_path);
    return true;
}

/* RANK-LINE, lines counted from 0. */
static bool number_utterance(struct feature_reader *r, struct failure *failure)
{
    const struct state *s = r->state;
    char *stem = path_stem_copy(r->in.path), *name = NULL;
    size_t size = stem ? strlen(stem) + 48 : 0, line = line_reader_number(s->lengths) - 1;
    if (stem) name = malloc(size);
    if (name && s->has_rank)
        snprintf(name, size, "%u-%zu", s->place.rank, line);
    else if (name)
        snprintf(name, size, "%s-%zu", stem, line);
    bool good = name ? feature_reader_name(r, name, strlen(name), failure) : fail_memory(failure);
    free(name);
    free(stem);
    return good;
}

static bool name_utterance(struct feature_reader *r, struct failure *failure)
{
    struct state *s = r->state;
    if (!r->options.tsv_path) return number_utterance(r, failure);
    if (s->next == s->n_entry)
        return line_reader_fail(s->lengths, failure, "more lines than its part of %s",
                                r->options.tsv_path);
    const char *name = s->name[s->next++];
    return feature_reader_name(r, name, strlen(name), failure);
}

static bool next(struct feature_reader *r, bool *found, struct failure *failure)
{
    struct state *s = r->state;
    char *line;
    size_t length;
    uint64_t n;
    if (!line_reader_next(s->lengths, &line, &length, failure)) return false;
    *found = line != NULL;
    if (!line) return check_end(r, failure);
    if (!parse_u64(line, &n)) return line_reader_fail(s->lengths, failure,
                                                      "'%s' is not a length; expected a whole "
                                                      "number",
                                                      line);
    if (n > s->header.shape[0] - s->n_given)
        return line_reader_fail(s->lengths, failure, "the lengths go beyond the %llu frames of %s",
                                (unsigned long long)s->header.shape[0], r->in.path);
    s->n_given += n;
    r->n_left = r->utterance.n_frame = n;
    return name_utterance(r, failure) && feature_dim(r, s->header.shape[1], 0, failure);
}

static bool read_frames(struct feature_reader *r, float *x, size_t n, size_t *n_read,
                        struct failure *failure)
{
    const struct npy_header *header = &((struct state *)r->state)->header;
    return feature_read_binary(r, header->size == 8, header->big_endian, x, n, n_read, failure);
}

static const struct feature_reader_ops reader = {.state_size = sizeof(struct state),
                                                 .open = open_pair,
                                                 .next = next,
                                                 .read = read_frames,
                                                 .close = close_shard};

const struct feature_format feature_format_hubert = {
    .name = "hubert",
    .suffix = {NULL},
    .about = "fairseq shard, OUT/SPLIT_RANK_NSHARD.npy and .len; --split --rank --nshard",
    .traits = FORMAT_ORDER,
    .name_rule = NAME_ANY,
    .writer = &writer,
    .reader = &reader,
};
