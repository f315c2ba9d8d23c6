/* SPDX-License-Identifier: MIT */
#include "tools/learn/recordings.h"

#include "src/model/sha256.h"
#include "tools/audio/audio.h"
#include "tools/base/content_hash.h"
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/base/ordered.h"
#include "tools/learn/vector_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The state of one reading thread: one recording in memory, and those of the utterance so far. */
struct reader {
    float *x;
    size_t n;       /* vectors or samples in x */
    uint64_t first; /* of the first one in x */
    struct recording *recording;
    size_t n_recording, capacity;
};

struct reading {
    const struct recordings_request *request;
    struct recordings *to;
    struct reader *reader; /* [n_thread] */
    size_t most;           /* in one recording: whole hops */
    struct sha256 sha;
};

static const struct utterance *find_utterance(const struct source *source, size_t item,
                                              uint32_t *s, uint32_t *u)
{
    for (*s = 0; item >= corpus_size(source[*s].corpus); ++*s)
        item -= corpus_size(source[*s].corpus);
    *u = (uint32_t)item;
    return corpus_get(source[*s].corpus, item);
}

/* Ends the recording in x and begins the next one at `next`. */
static bool cut(struct reading *reading, struct reader *reader, uint64_t next,
                struct failure *failure)
{
    struct recording recording = {.n = (uint32_t)reader->n, .first = reader->first};
    size_t n_value = reader->n * reading->to->dim;
    struct content_hash hash;
    reader->n = 0;
    reader->first = next;
    if (recording.n == 0) return true;
    content_hash_begin(&hash);
    content_hash_add(&hash, reader->x, n_value * sizeof *reader->x);
    recording.content = content_hash_value(&hash);
    if (!value_cache_add(reading->to->cache, reader->x, n_value, &recording.place, failure) ||
        !grow(&reader->recording, &reader->capacity, reader->n_recording + 1,
              sizeof *reader->recording, failure))
        return false;
    reader->recording[reader->n_recording++] = recording;
    return true;
}

/* The library does this too, but noise and levels are computed from these samples. */
static uint64_t clean(float *x, size_t n)
{
    uint64_t n_not_finite = 0;
    for (size_t i = 0; i < n; i++)
        if (!isfinite(x[i])) {
            x[i] = 0;
            n_not_finite++;
        }
    return n_not_finite;
}

/* Drops the samples up to the next whole hop, as voq_gap does. */
static bool resume_behind_gap(struct reading *reading, struct reader *reader, struct audio *audio,
                              uint64_t n_lost, struct failure *trouble, struct failure *failure)
{
    uint64_t hop = reading->request->hop_samples;
    uint64_t position = reader->first + reader->n + n_lost;
    size_t drop = (size_t)((hop - position % hop) % hop), n = 1;
    if (!cut(reading, reader, position + drop, failure)) return false;
    for (; drop > 0 && n > 0; drop -= n)
        if (!audio_read(audio, reader->x, drop, &n, trouble)) return true;
    return true;
}

static bool read_samples(struct reading *reading, struct reader *reader, struct audio *audio,
                         struct recordings_end *end, struct failure *trouble,
                         struct failure *failure)
{
    size_t n = 1;
    uint64_t n_lost = 0;
    while (n > 0 || n_lost > 0) {
        if (reader->n == reading->most &&
            !cut(reading, reader, reader->first + reader->n, failure))
            return false;
        if (!audio_read(audio, reader->x + reader->n, reading->most - reader->n, &n, trouble)) {
            end->trouble = trouble;
            break;
        }
        end->n_not_finite += clean(reader->x + reader->n, n);
        reader->n += n;
        n_lost = n == 0 ? audio_gap(audio) : 0;
        if (n_lost > 0 &&
            !resume_behind_gap(reading, reader, audio, n_lost, trouble, failure))
            return false;
    }
    return cut(reading, reader, 0, failure);
}

static bool read_audio(struct reading *reading, struct reader *reader,
                       const struct utterance *utterance, struct recordings_end *end,
                       struct failure *trouble, char **notes, struct failure *failure)
{
    struct audio_request request = audio_request_of(utterance, reading->request->rate_hz);
    struct audio *audio;
    if (!audio_open(&audio, &request, trouble)) {
        end->trouble = trouble;
        return true;
    }
    bool good = read_samples(reading, reader, audio, end, trouble, failure);
    end->n_not_finite += audio_facts(audio)->not_finite;
    end->notes = *notes = audio_notes(audio);
    if (!end->trouble && !audio_check_whole(audio, trouble)) end->trouble = trouble;
    audio_close(audio);
    return good;
}

static bool read_vectors(struct reading *reading, struct reader *reader,
                         const struct utterance *utterance, struct recordings_end *end,
                         struct failure *trouble, struct failure *failure)
{
    struct vector_file *file;
    if (!vector_file_open(&file, utterance->path, reading->to->dim, trouble)) {
        end->trouble = trouble;
        return true;
    }
    bool good = true;
    for (size_t n = 1; good && n > 0;) {
        if (!vector_file_read(file, reader->x, reading->most, &n, trouble)) {
            end->trouble = trouble;
            break;
        }
        reader->n = n;
        good = cut(reading, reader, reader->first + n, failure);
    }
    vector_file_close(file);
    return good;
}

static void identify(struct sha256 *sha, const struct utterance *utterance, const char *speaker,
                     const struct recording *recording)
{
    const uint64_t facts[] = {recording->source, recording->first, recording->n,
                              recording->content};
    voq_sha256_add(sha, utterance->name, strlen(utterance->name) + 1);
    voq_sha256_add(sha, speaker, strlen(speaker) + 1);
    voq_sha256_add(sha, facts, sizeof facts);
}

/* Adds what one utterance has to the table. */
static bool take(struct reading *reading, struct reader *reader, uint32_t source, uint32_t u,
                 const struct utterance *utterance, struct failure *failure)
{
    struct recordings *to = reading->to;
    const char *name = utterance->speaker ? utterance->speaker : "";
    uint32_t speaker = 0;
    if (reader->n_recording == 0) return true;
    if (!name_index_add(&to->speakers, name, &speaker, failure) ||
        !grow(&to->recording, &to->capacity, to->n + reader->n_recording, sizeof *to->recording,
              failure))
        return false;
    for (size_t i = 0; i < reader->n_recording; i++) {
        struct recording *recording = &to->recording[to->n++];
        *recording = reader->recording[i];
        recording->source = source;
        recording->utterance = u;
        recording->speaker = speaker;
        identify(&reading->sha, utterance, name, recording);
    }
    to->n_utterance++;
    return true;
}

static bool read_utterance(struct ordered *ordered, void *context, size_t worker, uint64_t item,
                           struct failure *failure)
{
    struct reading *reading = context;
    struct reader *reader = &reading->reader[worker];
    struct failure trouble;
    uint32_t source, u;
    char *notes = NULL;
    struct recordings_end end = {
        .utterance = find_utterance(reading->request->source, (size_t)item, &source, &u)};
    reader->n = reader->n_recording = 0;
    reader->first = 0;
    bool good = reading->request->rate_hz > 0
                    ? read_audio(reading, reader, end.utterance, &end, &trouble, &notes, failure)
                    : read_vectors(reading, reader, end.utterance, &end, &trouble, failure);
    good = good && ordered_turn(ordered, item) &&
           take(reading, reader, source, u, end.utterance, failure) &&
           reading->request->done(reading->request->context, &end, failure);
    free(notes);
    return good;
}

static bool make_readers(struct reading *reading, struct failure *failure)
{
    size_t n = reading->request->n_thread;
    reading->reader = zeroed(n, sizeof *reading->reader, failure);
    if (!reading->reader) return false;
    for (size_t i = 0; i < n; i++)
        if (!(reading->reader[i].x = zeroed(RECORDING_VALUES, sizeof(float), failure)))
            return false;
    return true;
}

static void free_readers(struct reading *reading)
{
    for (size_t i = 0; reading->reader && i < reading->request->n_thread; i++) {
        free(reading->reader[i].x);
        free(reading->reader[i].recording);
    }
    free(reading->reader);
}

bool recordings_read(struct recordings *recordings, const struct recordings_request *request,
                     struct failure *failure)
{
    struct reading reading = {.request = request, .to = recordings};
    size_t n = 0;
    *recordings = (struct recordings){.source = request->source, .n_source = request->n_source,
                                      .dim = request->dim, .rate_hz = request->rate_hz};
    reading.most = RECORDING_VALUES / request->dim;
    reading.most -= reading.most % request->hop_samples;
    for (size_t i = 0; i < request->n_source; i++) n += corpus_size(request->source[i].corpus);
    voq_sha256_begin(&reading.sha);
    bool good = value_cache_new(&recordings->cache, request->cache_folder, failure) &&
                make_readers(&reading, failure) &&
                ordered_run(request->n_thread, n, read_utterance, &reading, failure);
    free_readers(&reading);
    unsigned char digest[32];
    voq_sha256_end(&reading.sha, digest);
    format_hex(recordings->digest, digest, sizeof digest);
    return good;
}

void recordings_clear(struct recordings *recordings)
{
    value_cache_free(recordings->cache);
    name_index_clear(&recordings->speakers);
    free(recordings->recording);
    *recordings = (struct recordings){0};
}

const struct utterance *recording_utterance(const struct recordings *recordings, size_t i)
{
    const struct recording *recording = &recordings->recording[i];
    return corpus_get(recordings->source[recording->source].corpus, recording->utterance);
}

bool recording_get(const struct recordings *recordings, size_t i, float *x,
                   struct failure *failure)
{
    const struct recording *recording = &recordings->recording[i];
    return value_cache_get(recordings->cache, recording->place, x, recording->n * recordings->dim,
                           failure);
}
