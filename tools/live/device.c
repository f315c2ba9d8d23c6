/* SPDX-License-Identifier: MIT */
#include "tools/live/device.h"

#include "tools/base/json_writer.h"
#include "tools/base/number.h"

#include <ctype.h>
#include <string.h>

enum { MOST_CHANNELS = 8, CHANNELS_OF_MORE = 2 };

static const int common_rate[] = {8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000};

bool device_initialize(struct failure *failure)
{
    PaError error = Pa_Initialize();
    if (error == paNoError) return true;
    return fail(failure, EXIT_DEVICE, "PortAudio cannot start: %s", Pa_GetErrorText(error));
}

bool device_list_again(struct failure *failure)
{
    Pa_Terminate();
    return device_initialize(failure);
}

static bool is_input(PaDeviceIndex device)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    return info && info->maxInputChannels > 0;
}

static bool fail_none(struct failure *failure)
{
    return fail(failure, EXIT_DEVICE,
                "no microphone: the system has no audio input; connect one, or start the sound "
                "server");
}

const char *device_name(PaDeviceIndex device)
{
    return Pa_GetDeviceInfo(device)->name;
}

/* ---- listing --------------------------------------------------------------------------------- */

static const char *api_name(PaDeviceIndex device)
{
    return Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi)->name;
}

static int channels_of(PaDeviceIndex device)
{
    int n = Pa_GetDeviceInfo(device)->maxInputChannels;
    return n > MOST_CHANNELS ? CHANNELS_OF_MORE : n;
}

static bool accepts(PaDeviceIndex device, double rate_hz)
{
    const PaStreamParameters parameters = {.device = device,
                                           .channelCount = channels_of(device),
                                           .sampleFormat = paFloat32,
                                           .suggestedLatency = 0.05};
    return Pa_IsFormatSupported(&parameters, NULL, rate_hz) == paFormatIsSupported;
}

enum { COMMON_RATES = sizeof common_rate / sizeof common_rate[0] };

static void write_json(PaDeviceIndex device, bool is_default, FILE *file)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    struct json_writer json = {.file = file, .layout = JSON_COMPACT, .depth = 1};
    json_open(&json, NULL, '{');
    json_count(&json, "index", (uint64_t)device);
    json_text(&json, "name", info->name);
    json_text(&json, "api", api_name(device));
    json_count(&json, "channels", (uint64_t)info->maxInputChannels);
    json_decimals(&json, "default_rate", info->defaultSampleRate, 0);
    json_open(&json, "rates", '[');
    for (size_t i = 0; i < COMMON_RATES; i++)
        if (accepts(device, common_rate[i])) json_count(&json, NULL, (uint64_t)common_rate[i]);
    json_close(&json, ']');
    json_truth(&json, "default", is_default);
    json_close(&json, '}');
}

static void write_line(PaDeviceIndex device, bool is_default, FILE *file)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    const char *blank = "";
    fprintf(file, "%c %3d  %s\n        %s, %d channel%s, %.0f Hz (accepts ", is_default ? '*' : ' ',
            device, info->name, api_name(device), info->maxInputChannels,
            info->maxInputChannels == 1 ? "" : "s", info->defaultSampleRate);
    for (size_t i = 0; i < COMMON_RATES; i++) {
        if (!accepts(device, common_rate[i])) continue;
        fprintf(file, "%s%d", blank, common_rate[i]);
        blank = " ";
    }
    fputs(")\n", file);
}

/* JSON has one line per device. */
bool device_list(bool json, FILE *file, struct failure *failure)
{
    int n = 0;
    PaDeviceIndex standard = Pa_GetDefaultInputDevice();
    if (json) fputc('[', file);
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++) {
        if (!is_input(i)) continue;
        if (json && n > 0) fputs(",\n", file);
        if (json)
            write_json(i, i == standard, file);
        else
            write_line(i, i == standard, file);
        n++;
    }
    if (json) fputs("]\n", file);
    return n > 0 || fail_none(failure);
}

/* ---- finding --------------------------------------------------------------------------------- */

static bool contains(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (; *text; text++) {
        size_t i = 0;
        while (i < n && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i])) i++;
        if (i == n) return true;
    }
    return false;
}

bool device_is_same(const char *name, const char *other)
{
    const char *place = strstr(name, " (hw:");
    size_t n = place ? (size_t)(place - name) : 0;
    return strcmp(name, other) == 0 ||
           (place && strncmp(name, other, n) == 0 && strncmp(other + n, " (hw:", 5) == 0);
}

enum match { MATCH_ANY, MATCH_NAME, MATCH_PART, MATCH_SAME };

static bool matches(PaDeviceIndex device, enum match match, const char *wanted)
{
    if (!is_input(device)) return false;
    if (match == MATCH_NAME) return strcmp(device_name(device), wanted) == 0;
    if (match == MATCH_SAME) return device_is_same(device_name(device), wanted);
    return match == MATCH_ANY || contains(device_name(device), wanted);
}

static int count(enum match match, const char *wanted, PaDeviceIndex *last)
{
    int n = 0;
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); i++)
        if (matches(i, match, wanted)) {
            *last = i;
            n++;
        }
    return n;
}

/* `0 "name", 3 "other"` */
static void write_candidates(enum match match, const char *wanted, char *text, size_t size)
{
    size_t n = 0;
    text[0] = 0;
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount() && n < size; i++)
        if (matches(i, match, wanted))
            n += (size_t)snprintf(text + n, size - n, "%s%d \"%s\"", n ? ", " : "", i,
                                  device_name(i));
}

bool device_find(const char *wanted, PaDeviceIndex *device, struct failure *failure)
{
    char candidates[700];
    PaDeviceIndex found = paNoDevice;
    uint32_t number;
    if (count(MATCH_ANY, "", &found) == 0) return fail_none(failure);
    if (!wanted) {
        PaDeviceIndex standard = Pa_GetDefaultInputDevice();
        *device = standard != paNoDevice && is_input(standard) ? standard : found;
        return true;
    }
    write_candidates(MATCH_ANY, "", candidates, sizeof candidates);
    if (parse_u32(wanted, &number)) {
        *device = (PaDeviceIndex)number;
        if (number < (uint32_t)Pa_GetDeviceCount() && is_input(*device)) return true;
        return fail(failure, EXIT_DEVICE,
                    "there is no input device %s; choose one of %s", wanted, candidates);
    }
    for (enum match match = MATCH_NAME; match <= MATCH_PART; match++) {
        int n = count(match, wanted, device);
        if (n == 1) return true;
        if (n == 0) continue;
        write_candidates(match, wanted, candidates, sizeof candidates);
        return fail(failure, EXIT_USAGE,
                    "\"%s\" matches several devices: %s; give the number", wanted,
                    candidates);
    }
    return fail(failure, EXIT_DEVICE,
                "there is no input device \"%s\"; choose one of %s", wanted, candidates);
}

bool device_named(const char *name, PaDeviceIndex *device)
{
    return count(MATCH_NAME, name, device) > 0 || count(MATCH_SAME, name, device) == 1;
}

/* ---- opening --------------------------------------------------------------------------------- */

/* ALSA's plug devices accept every rate but interpolate linearly. The answer is reliable only for
   hardware, which PortAudio names "... (hw:0,0)", and for other host APIs. */
static double choose_rate(PaDeviceIndex device, uint32_t wanted_hz)
{
    const PaDeviceInfo *info = Pa_GetDeviceInfo(device);
    bool truthful = Pa_GetHostApiInfo(info->hostApi)->type != paALSA || strstr(info->name, "(hw:");
    if (truthful && accepts(device, wanted_hz)) return wanted_hz;
    return info->defaultSampleRate;
}

bool device_open(PaDeviceIndex device, uint32_t wanted_hz, double latency_s,
                 struct capture **out, struct failure *failure)
{
    double rate_hz = choose_rate(device, wanted_hz);
    const PaStreamParameters parameters = {.device = device,
                                           .channelCount = channels_of(device),
                                           .sampleFormat = paFloat32,
                                           .suggestedLatency = latency_s};
    struct capture *capture = capture_new((uint32_t)rate_hz, (uint32_t)parameters.channelCount);
    if (!capture) return fail_memory(failure);
    PaError error = Pa_OpenStream(&capture->stream, &parameters, NULL, rate_hz,
                                  paFramesPerBufferUnspecified, paDitherOff, capture_callback,
                                  capture);
    if (error == paNoError) {
        capture->device_latency_s = Pa_GetStreamInfo(capture->stream)->inputLatency;
        error = Pa_StartStream(capture->stream);
        if (error != paNoError) Pa_CloseStream(capture->stream);
    }
    if (error == paNoError) {
        *out = capture;
        return true;
    }
    fail(failure, EXIT_DEVICE, "%s: cannot be opened at %.0f Hz: %s", device_name(device), rate_hz,
         Pa_GetErrorText(error));
    capture_release(capture);
    capture_release(capture);
    return false;
}
