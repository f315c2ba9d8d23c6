/* SPDX-License-Identifier: MIT */
#include "tools/corpus/json_entry.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A recording: {"id", "sources": [{"type", "channels": [0], "source": PATH}], "duration",
   "transforms"}. A cut: {"id", "start", "duration", "channel", "supervisions", "recording": {...},
   "type": "MonoCut"}. Lhotse counts channels from 0. */

static bool is_type(const struct json *value, enum json_type type)
{
    return value && value->type == type;
}

static bool is_text(const struct json *value, const char *text)
{
    return is_type(value, JSON_STRING) && strcmp(value->string, text) == 0;
}

static bool is_cut(const struct json *object)
{
    const struct json *type = json_get(object, "type");
    size_t n = is_type(type, JSON_STRING) ? strlen(type->string) : 0;
    return n > 3 && strcmp(type->string + n - 3, "Cut") == 0;
}

bool lhotse_is_entry(const struct json *object)
{
    return is_type(json_get(object, "sources"), JSON_ARRAY) ||
           is_type(json_get(object, "recording"), JSON_OBJECT) || is_cut(object);
}

static size_t count(const struct json *array)
{
    size_t n = 0;
    for (const struct json *value = array ? array->child : NULL; value; value = value->next) n++;
    return n;
}

/* The position of a channel among those of a source, from 1; 0: not there. */
static size_t place_of(const struct json *source, const char *channel)
{
    const struct json *channels = json_get(source, "channels");
    size_t place = 1;
    for (const struct json *value = channels ? channels->child : NULL; value; value = value->next) {
        if (value->type == JSON_NUMBER && strcmp(value->string, channel) == 0) return place;
        place++;
    }
    return 0;
}

/* Finds the file that holds one channel of a recording. */
static bool find_channel(const struct json_manifest *m, const struct json *sources,
                         const char *channel, const struct json **source, struct json_entry *entry)
{
    for (*source = sources->child; *source; *source = (*source)->next) {
        size_t place = place_of(*source, channel);
        if (place == 0) continue;
        if (place > INT16_MAX) break;
        if (count(json_get(*source, "channels")) > 1) entry->channel = (int16_t)place;
        return true;
    }
    return json_manifest_fail(m, "the recording has no channel %s", channel);
}

static bool find_source(const struct json_manifest *m, const struct json *sources,
                        const struct json *channel, const struct json **source,
                        struct json_entry *entry)
{
    if (is_type(channel, JSON_ARRAY) && channel->child && !channel->child->next)
        channel = channel->child;
    if (is_type(channel, JSON_NUMBER))
        return find_channel(m, sources, channel->string, source, entry);
    *source = sources->child;
    if ((*source)->next)
        return json_manifest_fail(m,
                                  "the recording has %zu files; voq reads the channels of one file",
                                  count(sources));
    size_t n = count(json_get(*source, "channels"));
    if (is_type(channel, JSON_ARRAY) && count(channel) != n)
        return json_manifest_fail(m,
                                  "%zu of %zu channels are selected; voq reads one of them, or the "
                                  "mean of all", count(channel), n);
    return true;
}

static bool read_source(const struct json_manifest *m, const struct json *source,
                        struct json_entry *entry)
{
    const struct json *type = json_get(source, "type");
    if (source->type != JSON_OBJECT)
        return json_manifest_fail(m, "\"sources\" must hold JSON objects");
    if (is_text(type, "command"))
        return json_manifest_fail(m, "the audio comes from a command, which is not run; save it in "
                                     "a file first");
    if (is_text(type, "url"))
        return json_manifest_fail(m, "the audio comes from a URL, which is not fetched; save it in "
                                     "a file first");
    if (is_text(type, "shar"))
        return json_manifest_fail(m, "the audio is in a tar beside this list; give that tar, or "
                                     "the folder of both");
    if (type && !is_text(type, "file"))
        return json_manifest_fail(m, "the audio is not in a file of its own (\"type\" of the "
                                     "source); save it in one first");
    if (!json_entry_text(m, source, "source", &entry->file)) return false;
    return entry->file || json_manifest_fail(m, "the source has no \"source\"");
}

/* Rejects audio that Lhotse changes after reading: it differs from the file. Resampling is
   accepted, because voq resamples itself. */
static bool check_transforms(const struct json_manifest *m, const struct json *recording)
{
    const struct json *list = json_get(recording, "transforms");
    for (const struct json *change = list ? list->child : NULL; change; change = change->next) {
        const struct json *name = json_get(change, "name");
        if (is_text(name, "Resample")) continue;
        return json_manifest_fail(m,
                                  "Lhotse would change the audio after reading it (%s); save the "
                                  "changed audio in a file first",
                                  is_type(name, JSON_STRING) ? name->string : "\"transforms\"");
    }
    return true;
}

static bool read_recording(const struct json_manifest *m, const struct json *recording,
                           const struct json *channel, struct json_entry *entry)
{
    const struct json *sources = json_get(recording, "sources"), *source;
    if (!is_type(sources, JSON_ARRAY) || !sources->child)
        return json_manifest_fail(m, "the recording has no \"sources\"");
    return check_transforms(m, recording) && find_source(m, sources, channel, &source, entry) &&
           read_source(m, source, entry);
}

/* Reads the speaker of the first supervision that names one. */
static bool read_speaker(const struct json_manifest *m, const struct json *object,
                         struct json_entry *entry)
{
    const struct json *list = json_get(object, "supervisions");
    for (const struct json *one = list ? list->child : NULL; one && !entry->speaker;
         one = one->next)
        if (!json_entry_text(m, one, "speaker", &entry->speaker)) return false;
    return true;
}

/* A cut of its whole recording needs no times. */
static void drop_whole_span(struct json_entry *entry, double whole_s)
{
    enum { SAME_PER_S = 2000 };
    if (entry->offset > 0 || !(fabs(entry->duration - whole_s) * SAME_PER_S < 1)) return;
    entry->offset = entry->duration = NAN;
}

static bool read_cut(const struct json_manifest *m, const struct json *cut,
                     struct json_entry *entry)
{
    const struct json *type = json_get(cut, "type"), *recording = json_get(cut, "recording");
    double whole_s;
    if (is_text(type, "MixedCut"))
        return json_manifest_fail(m,
                                  "a mix of several cuts cannot be read; save its audio in a file "
                                  "first");
    if (is_text(type, "PaddingCut"))
        return json_manifest_fail(m, "a cut of padding has no audio; remove it from the list");
    if (!is_type(recording, JSON_OBJECT))
        return json_manifest_fail(m, "a cut without its \"recording\" has no audio");
    if (!read_recording(m, recording, json_get(cut, "channel"), entry) ||
        !json_entry_seconds(m, cut, "start", &entry->offset) ||
        !json_entry_seconds(m, cut, "duration", &entry->duration) ||
        !json_entry_seconds(m, recording, "duration", &whole_s))
        return false;
    drop_whole_span(entry, whole_s);
    return read_speaker(m, cut, entry);
}

bool lhotse_read_entry(const struct json_manifest *m, const struct json *object,
                       struct json_entry *entry)
{
    if (!json_entry_text(m, object, "id", &entry->id)) return false;
    if (is_type(json_get(object, "sources"), JSON_ARRAY))
        return read_recording(m, object, NULL, entry);
    return read_cut(m, object, entry);
}
