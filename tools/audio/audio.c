/* SPDX-License-Identifier: MIT */
#include "tools/audio/audio.h"

#include "tools/audio/byte_source.h"
#include "tools/audio/channels.h"
#include "tools/audio/frame_reader.h"
#include "tools/audio/resampler.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SAMPLES = 1 << 14 };

/* frames -> block[n][channels] -> mono -> the caller, or in place and through the resampler. */
struct audio {
    struct audio_request request; /* the caller owns its strings: not used after opening */
    struct audio_facts facts;
    struct byte_source *source;
    struct frame_reader *frames;
    struct resampler *resampler;
    uint64_t begin, end; /* frames of the file; end = AUDIO_UNKNOWN: to the end */
    uint64_t position;   /* the file's frame to read next */
    uint64_t lost;       /* frames missing before it: the next gap */
    uint64_t gap;        /* samples missing at the last read */
    bool ended;          /* no more frames will be read */
    float *block;
    size_t block_frames;
    size_t mono_begin, mono_end; /* in block: mono samples that the resampler has not taken */
};

static uint64_t frame_at(const struct audio *a, double seconds)
{
    double frame = floor(seconds * a->facts.rate_hz + 0.5); /* truncation, for positive times */
    return frame < 9e18 ? (uint64_t)frame : (uint64_t)9e18;
}

static bool check_channel(const struct audio *a, struct failure *failure)
{
    const char *label = byte_source_label(a->source);
    uint32_t channels = a->facts.channels;
    int channel = a->request.channel;
    if (channels > AUDIO_MAX_CHANNELS)
        return fail(failure, EXIT_INPUT,
                    "%s: has %u channels; at most %u are supported", label, channels,
                    AUDIO_MAX_CHANNELS);
    if (channel == AUDIO_CHANNEL_ONLY && channels > 1)
        return fail(failure, EXIT_INPUT,
                    "%s: has %u channels, but the segment names none; add the channel to the "
                    "segment", label, channels);
    if (channel > 0 && (uint32_t)channel > channels)
        return fail(failure, EXIT_INPUT, "%s: has no channel %d, only %u", label, channel,
                    channels);
    return true;
}

static bool fail_span_end(const struct audio *a, uint64_t n_frame, struct failure *failure)
{
    return fail(failure, EXIT_INPUT,
                "%s: the segment ends at %.3f s, more than 0.5 s beyond the audio's end at %.3f s",
                byte_source_label(a->source), a->request.end_s,
                (double)n_frame / a->facts.rate_hz);
}

static bool fail_span_begin(const struct audio *a, struct failure *failure)
{
    return fail(failure, EXIT_INPUT,
                "%s: the segment starts at %.3f s, where the audio has ended already",
                byte_source_label(a->source), a->request.begin_s);
}

/* Checks the segment against an end known beforehand or found by reading. */
static bool check_span(struct audio *a, uint64_t n_frame, struct failure *failure)
{
    if (a->begin > 0 && a->begin >= n_frame) return fail_span_begin(a, failure);
    if (a->end == AUDIO_UNKNOWN || a->end <= n_frame) return true;
    if (a->end - n_frame > a->facts.rate_hz / 2) return fail_span_end(a, n_frame, failure);
    a->facts.warnings |= AUDIO_WARN_SPAN;
    return true;
}

static bool set_span(struct audio *a, struct failure *failure)
{
    const struct audio_request *request = &a->request;
    uint64_t declared = a->facts.declared_frames;
    a->begin = request->begin_s > 0 ? frame_at(a, request->begin_s) : 0;
    a->end = request->end_s > 0 ? frame_at(a, request->end_s) : AUDIO_UNKNOWN;
    if (a->end < a->begin)
        return fail(failure, EXIT_INPUT, "%s: the segment ends before it starts",
                    byte_source_label(a->source));
    if (declared != AUDIO_UNKNOWN && !check_span(a, declared, failure)) return false;
    uint64_t stop = a->end < declared ? a->end : declared;
    a->facts.span_frames = stop == AUDIO_UNKNOWN ? AUDIO_UNKNOWN : stop - a->begin;
    a->position = a->begin;
    return a->begin == 0 || frame_reader_seek(a->frames, a->begin, failure);
}

static bool prepare(struct audio *a, struct failure *failure)
{
    struct audio_facts *facts = &a->facts;
    uint32_t wanted = a->request.rate_hz ? a->request.rate_hz : facts->rate_hz;
    if (!check_channel(a, failure) || !set_span(a, failure)) return false;
    a->request.rate_hz = wanted;
    facts->resampled = wanted != facts->rate_hz;
    if (facts->resampled && !resampler_new(&a->resampler, facts->rate_hz, wanted, failure))
        return false;
    a->block_frames = BLOCK_SAMPLES / facts->channels;
    a->block = malloc(a->block_frames * facts->channels * sizeof *a->block);
    return a->block ? true : fail_memory(failure);
}

bool audio_open(struct audio **audio, const struct audio_request *request,
                struct failure *failure)
{
    struct audio *a = calloc(1, sizeof *a);
    if (!a) return fail_memory(failure);
    a->request = *request;
    a->facts.span_frames = a->facts.declared_frames = AUDIO_UNKNOWN;
    if (byte_source_open(&a->source, request, failure) &&
        frame_reader_open(&a->frames, a->source, request, &a->facts, failure) &&
        prepare(a, failure)) {
        *audio = a;
        return true;
    }
    audio_close(a);
    return false;
}

/* At the end of the audio: checks its length against header, list and segment. */
static bool finish(struct audio *a, bool at_source_end, struct failure *failure)
{
    struct audio_facts *facts = &a->facts;
    uint64_t position = a->position, declared = facts->declared_frames;
    a->ended = true;
    facts->warnings |= frame_reader_warnings(a->frames, at_source_end);
    if (!at_source_end) return true;
    bool is_stated = declared != AUDIO_UNKNOWN && !(facts->warnings & AUDIO_WARN_NO_LENGTH);
    if (is_stated && position + frame_reader_slack(a->frames) < declared) {
        facts->truncated = true;
        facts->warnings |= AUDIO_WARN_TRUNCATED;
        if (a->begin > 0 && facts->read_frames == 0) return fail_span_begin(a, failure);
    } else if (!check_span(a, position, failure)) {
        return false;
    }
    if (a->request.expected_frames && a->request.expected_frames != position)
        facts->warnings |= AUDIO_WARN_EXPECTED;
    return byte_source_drain(a->source, failure);
}

/* An empty segment is valid if it lies within the audio. */
static bool finish_empty(struct audio *a, struct failure *failure)
{
    size_t n_read;
    uint64_t lost;
    if (!frame_reader_read(a->frames, a->block, 1, &n_read, &lost, failure)) return false;
    return finish(a, n_read == 0 && lost == 0, failure);
}

/* Reads n <= block_frames frames, mixed down, to x, which may be the block. */
static bool read_mono(struct audio *a, float *x, size_t n, size_t *n_read, struct failure *failure)
{
    float *frames = a->facts.channels == 1 ? x : a->block;
    struct audio_facts *facts = &a->facts;
    uint64_t left = a->end - a->position;
    *n_read = 0;
    if (a->ended) return true;
    if (a->begin > 0 && a->begin == a->end) return finish_empty(a, failure);
    if (left < n) n = (size_t)left;
    if (n > 0 && !frame_reader_read(a->frames, frames, n, n_read, &a->lost, failure)) return false;
    if (a->lost > left) a->lost = left;
    a->position += a->lost + *n_read;
    if (a->lost > 0) return true;
    if (*n_read == 0) return finish(a, n > 0, failure);
    facts->read_frames += *n_read;
    uint32_t channel = a->request.channel > 0 ? (uint32_t)a->request.channel : 0;
    channels_to_mono(frames, *n_read, facts->channels, channel, x);
    return true;
}

static void zero_what_is_not_finite(struct audio *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (isfinite(a->block[i])) continue;
        a->block[i] = 0;
        a->facts.not_finite++;
        a->facts.warnings |= AUDIO_WARN_NOT_FINITE;
    }
}

/* How many frames to read for n samples: full blocks of a file, no more than needed of a pipe. */
static size_t frames_for(const struct audio *a, size_t n)
{
    if (!a->facts.streaming) return a->block_frames;
    if (n > BLOCK_SAMPLES) n = BLOCK_SAMPLES;
    uint64_t frames = ((uint64_t)n * a->facts.rate_hz - 1) / a->request.rate_hz + 1;
    return frames < a->block_frames ? (size_t)frames : a->block_frames;
}

static bool read_resampled(struct audio *a, float *x, size_t n, size_t *n_read,
                           struct failure *failure)
{
    *n_read = 0;
    while (*n_read == 0) {
        size_t n_used = 0;
        if (a->mono_begin == a->mono_end && !a->ended && a->lost == 0) {
            a->mono_begin = 0;
            if (!read_mono(a, a->block, frames_for(a, n), &a->mono_end, failure)) return false;
            zero_what_is_not_finite(a, a->mono_end);
        }
        size_t n_mono = a->mono_end - a->mono_begin;
        const float *mono = n_mono > 0 ? a->block + a->mono_begin : NULL;
        if (!resampler_process(a->resampler, mono, n_mono, &n_used, x, n, n_read, failure))
            return false;
        a->mono_begin += n_used;
        if (!mono && *n_read == 0) return true;
    }
    return true;
}

/* Call once the resampler has returned everything from before the gap. */
static bool cross_gap(struct audio *a, struct failure *failure)
{
    if (a->resampler)
        return resampler_jump(a->resampler, a->position - a->begin, &a->gap, failure);
    a->gap = a->lost;
    return true;
}

bool audio_read(struct audio *a, float *x, size_t n, size_t *n_read, struct failure *failure)
{
    a->gap = 0;
    do {
        if (a->resampler) {
            if (!read_resampled(a, x, n, n_read, failure)) return false;
        } else {
            if (!read_mono(a, x, n < a->block_frames ? n : a->block_frames, n_read, failure))
                return false;
        }
        if (*n_read > 0 || a->lost == 0) break;
        if (!cross_gap(a, failure)) return false;
        a->lost = 0;
    } while (a->gap == 0);
    a->facts.given_samples += *n_read;
    return true;
}

uint64_t audio_gap(const struct audio *a)
{
    return a->gap;
}

const struct audio_facts *audio_facts(const struct audio *a)
{
    return &a->facts;
}

const char *audio_warning_text(const struct audio *a, enum audio_warning warning, char *text,
                               size_t size)
{
    const char *label = byte_source_label(a->source);
    unsigned long long position = a->begin + a->facts.read_frames;
    char loss[900];
    unsigned long long declared = a->facts.declared_frames;
    switch (warning) {
    case AUDIO_WARN_TRUNCATED:
        snprintf(text, size, "%s: is cut short or damaged: only %llu of %llu declared samples "
                             "could be read", label, position, declared);
        break;
    case AUDIO_WARN_REST:
        snprintf(text, size, "%s: ends in the middle of a sample; the incomplete sample is "
                             "dropped", label);
        break;
    case AUDIO_WARN_SPAN:
        snprintf(text, size, "%s: the segment ends at %.3f s, after the end of the audio, and is "
                             "cut there", label,
                 a->request.end_s);
        break;
    case AUDIO_WARN_EXPECTED:
        snprintf(text, size, "%s: has %llu samples, but the list states %llu", label, position,
                 (unsigned long long)a->request.expected_frames);
        break;
    case AUDIO_WARN_NO_LENGTH:
        snprintf(text, size, "%s: the header states no length; read to the end", label);
        break;
    case AUDIO_WARN_BEYOND:
        snprintf(text, size, "%s: byte %llu: data after the end that the header states is not "
                             "read; split the file there to read it", label,
                 (unsigned long long)frame_reader_beyond(a->frames));
        break;
    case AUDIO_WARN_WRAPPED:
        snprintf(text, size, "%s: the header's length does not reach past 4 GB, the audio does; "
                 "read to the end", label);
        break;
    case AUDIO_WARN_LOST:
        snprintf(text, size, "%s: %s", label, frame_reader_loss(a->frames, loss, sizeof loss));
        break;
    case AUDIO_WARN_OPEN_END:
        snprintf(text, size, "%s: no page ends the stream, as in a live recording that was "
                 "stopped; if the file was cut, the missing length is unknown", label);
        break;
    case AUDIO_WARN_NOT_FINITE:
        snprintf(text, size, "%s: %llu samples are not finite and read as 0", label,
                 (unsigned long long)a->facts.not_finite);
        break;
    case AUDIO_WARN_PARTIAL:
        snprintf(text, size, "%s: byte %llu: the audio ends inside a frame; check --raw and "
                 "--channels", label, (unsigned long long)frame_reader_beyond(a->frames));
        break;
    case AUDIO_WARN_LAYOUT:
        frame_reader_layout_text(a->frames, text, size);
        break;
    }
    return text;
}

char *audio_notes(const struct audio *a)
{
    char *notes = NULL, text[1024];
    for (unsigned bit = 1; bit <= a->facts.warnings; bit <<= 1) {
        if (!(a->facts.warnings & bit) || (bit & (AUDIO_LOSSES | AUDIO_WARN_NOT_FINITE))) continue;
        audio_warning_text(a, (enum audio_warning)bit, text, sizeof text);
        size_t used = notes ? strlen(notes) : 0;
        char *grown = realloc(notes, used + strlen(text) + 3);
        if (!grown) return notes;
        notes = grown;
        sprintf(notes + used, "%s%s", used > 0 ? "; " : "", text);
    }
    return notes;
}

bool audio_check_whole(const struct audio *a, struct failure *failure)
{
    char text[sizeof failure->text];
    for (unsigned bit = 1; bit <= a->facts.warnings; bit <<= 1)
        if (a->facts.warnings & bit & AUDIO_LOSSES)
            return fail(failure, EXIT_INPUT, "%s",
                        audio_warning_text(a, (enum audio_warning)bit, text, sizeof text));
    return true;
}

void audio_close(struct audio *a)
{
    if (!a) return;
    resampler_free(a->resampler);
    frame_reader_close(a->frames);
    byte_source_close(a->source);
    free(a->block);
    free(a);
}

bool audio_probe(const struct audio_request *request, struct audio_facts *facts,
                 struct failure *failure)
{
    struct audio *a;
    if (!audio_open(&a, request, failure)) return false;
    *facts = a->facts;
    audio_close(a);
    return true;
}
