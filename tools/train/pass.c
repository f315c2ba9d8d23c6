/* SPDX-License-Identifier: MIT */
#include "tools/train/pass.h"

#include "tools/audio/audio.h"
#include "tools/base/ordered.h"
#include "tools/formats/feature_reader.h"
#include "tools/formats/feature_shard_place.h"

#include <stdlib.h>
#include <string.h>

enum { READ_SAMPLES = 4096, PIECE_FLOATS = 1 << 20, PIECE_FRAMES = 8192 };
/* More frames than deltas, stacking and the last window can delay. */
enum { LOOK_AHEAD_FRAMES = 512 };

/* The state of one reading thread. Vectors and units of a frame may come at different times, so
   each kind has its own queue. */
struct reader {
    struct ordered *ordered; /* of the current run */
    uint64_t item;           /* of the current run */
    size_t worker;
    voq_stream *features[PASS_FEATURES], *labels;
    float sample[READ_SAMPLES];
    float *x[PASS_FEATURES];
    uint32_t *id;
    size_t n_x, n_id;
};

struct pass_state {
    const struct pass *pass;
    struct reader *reader; /* [n_thread] */
    size_t capacity;       /* frames in a queue */
    size_t most_new;       /* most frames from one read */
    uint32_t rate_hz;
};

/* Vectors that come from a file have one queue. */
static size_t queue_count(const struct pass *pass)
{
    return pass->n_feature > 0 ? pass->n_feature : 1;
}

static void drop_first(struct reader *reader, const struct pass *pass, size_t n)
{
    reader->n_x -= n;
    for (size_t i = 0; i < queue_count(pass); i++)
        memmove(reader->x[i], reader->x[i] + n * pass->dim,
                reader->n_x * pass->dim * sizeof *reader->x[i]);
    if (!pass->labels) return;
    reader->n_id -= n;
    memmove(reader->id, reader->id + n, reader->n_id * sizeof *reader->id);
}

/* Delivers the frames that are complete. */
static bool give(struct pass_state *state, struct reader *reader, struct pass_end *end,
                 struct failure *failure)
{
    const struct pass *pass = state->pass;
    size_t n = pass->labels && reader->n_id < reader->n_x ? reader->n_id : reader->n_x;
    if (n == 0) return true;
    struct pass_piece piece = {.worker = reader->worker, .utterance = end->utterance,
                               .first = end->next, .begins = end->n_frame == 0, .n = n,
                               .id = pass->labels ? reader->id : NULL};
    if (!pass->any_order && !ordered_turn(reader->ordered, reader->item)) return false;
    for (size_t i = 0; i < queue_count(pass); i++) {
        piece.x = reader->x[i];
        if (!pass->take(pass->context, &piece, failure)) return false;
    }
    end->n_frame += n;
    end->next += n;
    drop_first(reader, pass, n);
    return true;
}

static bool trouble(struct pass_end *end, const char *label, voq_status status)
{
    end->good = fail(&end->trouble, EXIT_INPUT,
                     "%s: the features cannot be computed from here on: %s", label,
                     voq_status_string(status));
    return true;
}

/* Pushes the samples to a stream. n = 0: n_lost samples are missing, or the end if that is 0. */
static voq_status run(voq_stream *stream, const float *sample, size_t n, uint64_t n_lost,
                      const voq_output *output, size_t *n_row)
{
    size_t n_new = 0;
    voq_status status = n > 0        ? voq_push(stream, sample, n, output, &n_new)
                        : n_lost > 0 ? voq_gap(stream, n_lost, output, &n_new)
                                     : voq_finish(stream, output, &n_new);
    if (status == VOQ_OK) *n_row += n_new;
    return status;
}

/* Pushes samples through the streams into the queues. */
static voq_status push(struct pass_state *state, struct reader *reader, size_t n, uint64_t n_lost)
{
    const struct pass *pass = state->pass;
    size_t n_x = reader->n_x;
    for (size_t i = 0; i < pass->n_feature; i++) {
        const voq_output features = {.struct_size = sizeof features,
                                     .capacity = state->capacity - n_x,
                                     .feature = reader->x[i] + n_x * pass->dim};
        reader->n_x = n_x;
        voq_status status =
            run(reader->features[i], reader->sample, n, n_lost, &features, &reader->n_x);
        if (status != VOQ_OK) return status;
    }
    const voq_output labels = {.struct_size = sizeof labels,
                               .capacity = state->capacity - reader->n_id,
                               .id = reader->id + reader->n_id};
    if (!reader->labels) return VOQ_OK;
    return run(reader->labels, reader->sample, n, n_lost, &labels, &reader->n_id);
}

/* Whether the frames of the next samples, or of the end, might not fit. */
static bool full(const struct pass_state *state, const struct reader *reader)
{
    size_t n = reader->n_x > reader->n_id ? reader->n_x : reader->n_id;
    return n + state->most_new > state->capacity;
}

/* Reads the whole file, or up to where it cannot be read. */
static bool read_samples(struct pass_state *state, struct reader *reader, struct audio *audio,
                         struct pass_end *end, struct failure *failure)
{
    const char *label = utterance_label(corpus_get(state->pass->corpus, end->utterance));
    size_t n = 1;
    uint64_t n_lost = 0;
    while (n > 0 || n_lost > 0) {
        if (full(state, reader) && !give(state, reader, end, failure)) return false;
        end->good = audio_read(audio, reader->sample, READ_SAMPLES, &n, &end->trouble);
        if (!end->good) n = 0;
        n_lost = end->good && n == 0 ? audio_gap(audio) : 0;
        voq_status status = push(state, reader, n, n_lost);
        if (status) return trouble(end, label, status);
        if (n_lost == 0) continue;
        if (!give(state, reader, end, failure)) return false;
        end->next = voq_stream_position(reader->features[0]);
    }
    return true;
}

static bool read_audio(struct pass_state *state, struct reader *reader, struct pass_end *end,
                       struct failure *failure)
{
    const struct utterance *utterance = corpus_get(state->pass->corpus, end->utterance);
    struct audio_request request = audio_request_of(utterance, state->rate_hz);
    struct audio *audio;
    for (size_t i = 0; i < state->pass->n_feature; i++) voq_reset(reader->features[i]);
    voq_reset(reader->labels);
    reader->n_x = reader->n_id = 0;
    if (!audio_open(&audio, &request, &end->trouble)) {
        end->good = false;
        return true;
    }
    bool good = read_samples(state, reader, audio, end, failure);
    end->resampled = audio_facts(audio)->resampled;
    end->n_not_finite = audio_facts(audio)->not_finite;
    end->n_not_finite += voq_stream_bad_samples(reader->features[0]);
    end->notes = audio_notes(audio);
    if (good && end->good) end->good = audio_check_whole(audio, &end->trouble);
    audio_close(audio);
    good = good && give(state, reader, end, failure);
    end->n_part = end->n_frame > 0;
    return good;
}

static bool open_vectors(struct feature_reader **file, const char *path, uint32_t dim,
                         struct failure *failure)
{
    struct feature_reader_options options = {.dim = dim};
    return (!feature_path_is_shard(path) ||
            feature_format_find("hubert", &options.format, failure)) &&
           feature_reader_open(file, path, &options, failure);
}

static bool read_vectors(struct pass_state *state, struct reader *reader, struct pass_end *end,
                         struct failure *failure)
{
    const struct utterance *utterance = corpus_get(state->pass->corpus, end->utterance);
    struct feature_reader *file;
    const struct feature_utterance *part;
    if (!open_vectors(&file, utterance->path, state->pass->dim, &end->trouble)) {
        end->good = false;
        return true;
    }
    bool good = true;
    while (good && (end->good = feature_reader_next(file, &part, &end->trouble)) && part) {
        uint64_t before = end->n_frame;
        for (size_t n = 1; good && end->good && n > 0;) {
            end->good = feature_reader_read(file, reader->x[0], state->capacity, &n, &end->trouble);
            reader->n_x = end->good ? n : 0;
            good = give(state, reader, end, failure);
        }
        end->n_part += end->n_frame > before;
        if (!end->good) break;
    }
    feature_reader_close(file);
    return good;
}

static bool read_utterance(struct ordered *ordered, void *context, size_t worker, uint64_t item,
                           struct failure *failure)
{
    struct pass_state *state = context;
    struct pass_end end = {.utterance = ranks_item(state->pass->ranks, (size_t)item), .good = true};
    struct reader *reader = &state->reader[worker];
    reader->ordered = ordered;
    reader->item = item;
    reader->worker = worker;
    bool good = state->pass->n_feature ? read_audio(state, reader, &end, failure)
                                      : read_vectors(state, reader, &end, failure);
    good = good && ordered_turn(ordered, item) &&
           state->pass->done(state->pass->context, &end, failure);
    free(end.notes);
    return good;
}

static bool reader_new(struct reader *reader, const struct pass_state *state)
{
    const struct pass *pass = state->pass;
    voq_options options = {.struct_size = sizeof options, .block = 64};
    for (size_t i = 0; i < queue_count(pass); i++) {
        reader->x[i] = malloc(state->capacity * pass->dim * sizeof *reader->x[i]);
        if (!reader->x[i]) return false;
    }
    for (size_t i = 0; i < pass->n_feature; i++)
        if (voq_stream_new(pass->features[i], &options, &reader->features[i])) return false;
    reader->id = malloc(state->capacity * sizeof *reader->id);
    return reader->id &&
           (!pass->labels || voq_stream_new(pass->labels, &options, &reader->labels) == VOQ_OK);
}

static void reader_free(struct reader *reader)
{
    for (size_t i = 0; i < PASS_FEATURES; i++) {
        voq_stream_free(reader->features[i]);
        free(reader->x[i]);
    }
    voq_stream_free(reader->labels);
    free(reader->id);
}

bool pass_run(const struct pass *pass, struct failure *failure)
{
    struct pass_state state = {.pass = pass};
    voq_info info = {.struct_size = sizeof info, .hop_samples = READ_SAMPLES};
    if (pass->n_feature > 0 && voq_model_describe(pass->features[0], &info))
        return fail(failure, EXIT_INTERNAL, "the model of the features cannot be used");
    state.rate_hz = pass->rate_hz > 0 ? pass->rate_hz : info.rate_hz;
    state.most_new = READ_SAMPLES / info.hop_samples + LOOK_AHEAD_FRAMES;
    state.capacity = PIECE_FLOATS / (pass->dim * queue_count(pass));
    if (state.capacity > PIECE_FRAMES) state.capacity = PIECE_FRAMES;
    if (state.capacity < 2 * state.most_new) state.capacity = 2 * state.most_new;
    size_t n_ready = 0;
    state.reader = calloc(pass->n_thread, sizeof *state.reader);
    bool good = state.reader != NULL;
    while (good && n_ready < pass->n_thread) good = reader_new(&state.reader[n_ready++], &state);
    if (good)
        good = ordered_run(pass->n_thread, ranks_share_of(pass->ranks, corpus_size(pass->corpus)),
                           read_utterance, &state, failure);
    else
        fail_memory(failure);
    for (size_t i = 0; i < n_ready; i++) reader_free(&state.reader[i]);
    free(state.reader);
    return good;
}
