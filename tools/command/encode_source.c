/* SPDX-License-Identifier: MIT */
#include "tools/command/encode_source.h"

#include "tools/audio/read_ahead.h"
#include "tools/command/row_stream.h"
#include "tools/command/gap_list.h"
#include "tools/command/vector_source.h"
#include "tools/command/whole_signal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_BLOCK 64

struct encode_source {
    const struct encode_plan *plan;
    struct encode_queue *queue;
    size_t worker;
    bool has_thread; /* one more, which may read ahead */
    struct row_stream file, live; /* block 64 and block 1, made when first needed */
    unsigned char pending[QUEUE_RECORD_BYTES]; /* rows not yet put */
    size_t n_pending;
    uint64_t n_sample; /* of the utterance, at the rate of the file */
    bool going; /* the queue still accepts records */
};

/* One audio utterance that is being encoded. */
struct passage {
    const struct encode_item *item;
    const char *label;
    struct audio *audio;
    struct read_ahead *reader;
    struct audio_block block; /* read last */
    struct row_stream *stream;
    struct gap_list gaps;
    size_t next_gap;
    uint64_t n_sample;  /* pushed so far */
    uint64_t next_row;  /* frame index */
    bool is_cut; /* the reader failed before the end */
};

struct encode_source *encode_source_new(const struct encode_plan *plan,
                                        struct encode_queue *queue, size_t worker,
                                        bool has_thread)
{
    struct encode_source *source = calloc(1, sizeof *source);
    if (!source) return NULL;
    source->plan = plan;
    source->queue = queue;
    source->worker = worker;
    source->has_thread = has_thread;
    return source;
}

void encode_source_free(struct encode_source *source)
{
    if (!source) return;
    row_stream_free(&source->file);
    row_stream_free(&source->live);
    free(source);
}

static void put(struct encode_source *source, enum encode_record kind, const void *bytes, size_t n)
{
    if (source->going)
        source->going = queue_put(source->queue, source->worker, (uint32_t)kind, bytes, n);
}

static void put_text(struct encode_source *source, enum encode_record kind, const char *text)
{
    put(source, kind, text, strlen(text));
}

static void put_failure(struct encode_source *source, const struct failure *failure)
{
    unsigned char record[sizeof(uint32_t) + sizeof failure->text];
    const uint32_t code = (uint32_t)failure->code;
    size_t n = strlen(failure->text);
    memcpy(record, &code, sizeof code);
    memcpy(record + sizeof code, failure->text, n);
    put(source, RECORD_FAILURE, record, sizeof code + n);
}

static void flush_rows(struct encode_source *source)
{
    if (source->n_pending > 0) put(source, RECORD_ROWS, source->pending, source->n_pending);
    source->n_pending = 0;
}

static void add_pending(struct encode_source *source, const void *values, size_t n_byte)
{
    memcpy(source->pending + source->n_pending, values, n_byte);
    source->n_pending += n_byte;
}

static void put_rows(struct encode_source *source, const voq_output *output, size_t n, bool at_once)
{
    size_t dim = source->plan->info.dim, n_codebook = source->plan->info.n_codebook;
    for (size_t i = 0; i < n; i++) {
        if (source->n_pending + source->plan->width * sizeof(uint32_t) > sizeof source->pending)
            flush_rows(source);
        if (output->feature)
            add_pending(source, output->feature + i * dim, dim * sizeof *output->feature);
        if (output->id)
            add_pending(source, output->id + i * n_codebook, n_codebook * sizeof *output->id);
        if (output->distance)
            add_pending(source, output->distance + i * n_codebook,
                        n_codebook * sizeof *output->distance);
    }
    if (at_once) flush_rows(source);
}

static bool fail_stream(const struct passage *passage, voq_status status, struct failure *failure)
{
    if (status == VOQ_ERROR_VALUE)
        return fail(failure, EXIT_INPUT, "%s: a feature overflowed near frame %" PRIu64,
                    passage->label, passage->next_row);
    return fail(failure, EXIT_INTERNAL, "%s: %s", passage->label, voq_status_string(status));
}

static void give(struct encode_source *source, struct passage *passage, size_t n)
{
    passage->next_row += n;
    put_rows(source, &passage->stream->output, n, audio_facts(passage->audio)->streaming);
}

/* At lost samples: puts the rows of the samples before, then the length of the gap in frames. */
static voq_status cross_gap(struct encode_source *source, struct passage *passage,
                            const struct gap *gap)
{
    size_t n;
    voq_status status = row_stream_gap(passage->stream, gap->lost, &n);
    if (status != VOQ_OK || gap->lost == 0) return status;
    give(source, passage, n);
    flush_rows(source);
    uint64_t position = voq_stream_position(passage->stream->stream);
    struct encode_gap record = {.n_frame = position - passage->next_row, .lost = gap->lost};
    memcpy(record.why, gap->why, sizeof record.why);
    put(source, RECORD_GAP, &record, sizeof record);
    passage->next_row = position;
    return status;
}

static bool push(struct encode_source *source, struct passage *passage, const float *x, size_t n,
                 struct failure *failure)
{
    voq_status status = VOQ_OK;
    while (n > 0 && status == VOQ_OK) {
        size_t n_part = n, n_row;
        if (passage->next_gap < passage->gaps.n) {
            uint64_t until = passage->gaps.gap[passage->next_gap].sample - passage->n_sample;
            if (until == 0) {
                status = cross_gap(source, passage, &passage->gaps.gap[passage->next_gap++]);
                continue;
            }
            if (until < n_part) n_part = (size_t)until;
        }
        status = row_stream_push(passage->stream, x, n_part, &n_row);
        if (status != VOQ_OK) break;
        give(source, passage, n_row);
        passage->n_sample += n_part;
        x += n_part;
        n -= n_part;
    }
    return status == VOQ_OK ? true : fail_stream(passage, status, failure);
}

/* A gap after the end means that the list belongs to another recording, unless this one was cut. */
static bool check_gaps_left(const struct passage *passage, struct failure *failure)
{
    const struct audio_facts *facts = audio_facts(passage->audio);
    bool is_short = passage->is_cut || facts->truncated || (facts->warnings & AUDIO_LOSSES);
    if (passage->next_gap == passage->gaps.n || is_short) return true;
    return fail(failure, EXIT_INPUT,
                "%s.gaps: a gap at sample %" PRIu64 ", but the recording has %" PRIu64
                " samples; remove the file if it belongs to another recording",
                passage->item->utterance->path, passage->gaps.gap[passage->next_gap].sample,
                passage->n_sample);
}

static bool finish(struct encode_source *source, struct passage *passage, struct failure *failure)
{
    size_t n = 0;
    voq_status status = VOQ_OK;
    while (status == VOQ_OK && passage->next_gap < passage->gaps.n &&
           passage->gaps.gap[passage->next_gap].sample == passage->n_sample)
        status = cross_gap(source, passage, &passage->gaps.gap[passage->next_gap++]);
    if (status == VOQ_OK && !check_gaps_left(passage, failure)) return false;
    if (status == VOQ_OK) status = row_stream_finish(passage->stream, &n);
    if (status != VOQ_OK) return fail_stream(passage, status, failure);
    give(source, passage, n);
    flush_rows(source);
    return true;
}

/* Puts the warnings of the reader, which are complete at the end. */
static void put_warnings(struct encode_source *source, const struct passage *passage)
{
    const struct audio_facts *facts = audio_facts(passage->audio);
    char text[1024];
    for (unsigned bit = 1; bit <= facts->warnings; bit <<= 1) {
        if (!(facts->warnings & bit) || bit == AUDIO_WARN_NOT_FINITE) continue;
        audio_warning_text(passage->audio, (enum audio_warning)bit, text, sizeof text);
        put_text(source,
                 bit & AUDIO_LOSSES           ? RECORD_LOSS
                 : bit == AUDIO_WARN_EXPECTED ? RECORD_EXPECTED
                                              : RECORD_NOTE,
                 text);
    }
    uint64_t bad = facts->not_finite + voq_stream_bad_samples(passage->stream->stream);
    if (bad == 0) return;
    snprintf(text, sizeof text, "%s: %" PRIu64 " sample%s NaN or infinite, read as 0",
             passage->label, bad, bad == 1 ? " is" : "s are");
    put_text(source, RECORD_NOTE, text);
}

static void put_begin(struct encode_source *source, const struct passage *passage)
{
    const struct audio_facts *facts = audio_facts(passage->audio);
    struct encode_begin begin = {.file_rate_hz = facts->rate_hz, .seconds = -1};
    begin.streaming = facts->streaming;
    if (facts->span_frames != AUDIO_UNKNOWN)
        begin.seconds = (double)facts->span_frames / (double)facts->rate_hz;
    put(source, RECORD_BEGIN, &begin, sizeof begin);
}

/* The reader has reached the end of the file, or lost audio. */
static bool cross_loss(struct encode_source *source, struct passage *passage, bool *is_end,
                       struct failure *failure)
{
    const struct gap gap = {.lost = passage->block.gap, .why = "damage"};
    *is_end = gap.lost == 0;
    voq_status status = cross_gap(source, passage, &gap);
    return status == VOQ_OK ? true : fail_stream(passage, status, failure);
}

/* A thread is worth its start if there is much to decode. */
static bool is_worth_a_thread(const struct audio_facts *facts)
{
    enum { SECONDS = 10 };
    if (facts->streaming || !(facts->decoded || facts->resampled)) return false;
    return facts->span_frames == AUDIO_UNKNOWN ||
           facts->span_frames > (uint64_t)SECONDS * facts->rate_hz;
}

/* After the first samples a failure keeps the units so far, as for a truncated file. */
static bool read_on(struct encode_source *source, struct passage *passage, struct failure *failure)
{
    const struct audio_block *block = &passage->block;
    bool is_end = block->n == 0 && block->gap == 0;
    put_begin(source, passage);
    if (!is_end && source->has_thread && is_worth_a_thread(audio_facts(passage->audio)))
        read_ahead_start(passage->reader);
    while (source->going) {
        if (block->n == 0 && !cross_loss(source, passage, &is_end, failure)) return false;
        if (is_end) break;
        if (!push(source, passage, block->x, block->n, failure)) return false;
        if (!read_ahead_next(passage->reader, &passage->block, failure)) {
            if (failure->code != EXIT_INPUT) return false;
            char text[sizeof failure->text + 64];
            snprintf(text, sizeof text, "%s; the units before it are kept", failure->text);
            put_text(source, RECORD_LOSS, text);
            passage->is_cut = true;
            break;
        }
    }
    if (!finish(source, passage, failure)) return false;
    put_warnings(source, passage);
    return true;
}

static bool read_gaps(const struct encode_source *source, struct passage *passage,
                      struct failure *failure)
{
    const struct utterance *utterance = passage->item->utterance;
    bool whole = utterance->begin_s == 0 && utterance->end_s <= 0 && utterance->offset == 0;
    if (!whole || utterance->is_command || strcmp(utterance->path, "-") == 0) return true;
    if (!gap_list_read(&passage->gaps, utterance->path, failure)) return false;
    if (passage->gaps.n == 0 || !audio_facts(passage->audio)->resampled) return true;
    return fail(failure, EXIT_INPUT,
                "%s.gaps: counts samples at %u Hz, the model is at %u Hz; use a model of that rate "
                "or remove the file",
                utterance->path, audio_facts(passage->audio)->rate_hz,
                source->plan->info.rate_hz);
}

static bool open_stream(struct encode_source *source, struct passage *passage,
                       const voq_model *model, struct row_stream *own, struct failure *failure)
{
    const struct encode_plan *plan = source->plan;
    bool streaming = audio_facts(passage->audio)->streaming;
    uint32_t block = streaming ? 1 : FILE_BLOCK;
    passage->reader = read_ahead_new(passage->audio, (size_t)block * plan->info.hop_samples);
    if (!passage->reader) return fail_memory(failure);
    passage->stream = model != plan->model ? own : streaming ? &source->live : &source->file;
    voq_status status = VOQ_OK;
    if (!passage->stream->stream)
        status = row_stream_new(passage->stream, model,
                                plan->features    ? ROW_FEATURES
                                : plan->distances ? ROW_UNITS_DISTANCES
                                                  : ROW_UNITS,
                                block);
    else
        voq_reset(passage->stream->stream);
    return status == VOQ_OK ? true : fail_stream(passage, status, failure);
}

/* Many lists state the whole file as its part, which is allowed. */
static bool check_whole(const struct passage *passage, struct failure *failure)
{
    const struct utterance *utterance = passage->item->utterance;
    const struct audio_facts *facts = audio_facts(passage->audio);
    if (utterance->end_s <= 0 || facts->read_frames == facts->declared_frames) return true;
    return fail(failure, EXIT_INPUT,
                "%s:%u: a manifest cannot list a part of a file; leave out "
                "--tsv", utterance->list, utterance->line);
}

static bool encode_audio(struct encode_source *source, const struct encode_item *item,
                         struct failure *failure)
{
    const struct encode_plan *plan = source->plan;
    const struct utterance *utterance = item->utterance;
    struct audio_request request = audio_request_of(utterance, plan->info.rate_hz);
    request.raw = plan->raw;
    request.channel = item->channel;
    request.label = utterance->is_command ? item->name : NULL;
    struct passage passage = {.item = item};
    passage.label = request.label                         ? request.label
                    : strcmp(utterance->path, "-") == 0 ? "stdin"
                                                          : utterance_label(utterance);
    struct row_stream own = {0};
    voq_model *own_model = NULL;
    bool good = true;
    if (plan->info.whole_signal)
        good = whole_signal_model(plan->model, &request, &own_model, failure);
    good = good && audio_open(&passage.audio, &request, failure) &&
           open_stream(source, &passage, own_model ? own_model : plan->model, &own, failure) &&
           read_gaps(source, &passage, failure) &&
           read_ahead_next(passage.reader, &passage.block, failure) &&
           read_on(source, &passage, failure);
    if (good && plan->manifest) good = check_whole(&passage, failure);
    source->n_sample = passage.block.read_frames;
    read_ahead_free(passage.reader);
    gap_list_free(&passage.gaps);
    audio_close(passage.audio);
    row_stream_free(&own);
    voq_model_close(own_model);
    return good;
}

static bool encode_vectors(struct encode_source *source, const struct encode_item *item,
                           struct failure *failure)
{
    const voq_info *info = &source->plan->info;
    struct vector_source *vectors = NULL;
    const voq_output *output;
    uint64_t n_frame;
    size_t n = 1;
    bool good = vector_source_open(&vectors, source->plan->model, item->utterance->path,
                                   item->part, source->plan->distances, &n_frame, failure) &&
                vector_source_read(vectors, &output, &n, failure);
    if (good) {
        struct encode_begin begin = {.seconds = -1};
        if (info->rate_hz)
            begin.seconds = (double)n_frame * (double)info->hop_samples / (double)info->rate_hz;
        put(source, RECORD_BEGIN, &begin, sizeof begin);
    }
    while (good && n > 0 && source->going) {
        put_rows(source, output, n, false);
        good = vector_source_read(vectors, &output, &n, failure);
    }
    flush_rows(source);
    vector_source_close(vectors);
    return good;
}

bool encode_source_run(struct encode_source *source, const struct encode_item *item)
{
    struct failure failure = {0};
    source->going = true;
    source->n_pending = 0;
    source->n_sample = 0;
    bool good = item->fault ? fail(&failure, EXIT_INPUT, "%s", item->fault)
                : item->utterance->kind == CORPUS_VECTORS
                    ? encode_vectors(source, item, &failure)
                    : encode_audio(source, item, &failure);
    if (!good) put_failure(source, &failure);
    put(source, RECORD_END, &source->n_sample, sizeof source->n_sample);
    return source->going;
}
