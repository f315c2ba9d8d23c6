/* SPDX-License-Identifier: MIT */
#include "tools/formats/format.h"

#include "tools/base/path.h"

#include <stdio.h>
#include <string.h>

/* One row per format, whose file defines unit_format_ROW or feature_format_ROW. The first is the
   default. */
#define UNIT_FORMATS(ROW)                                                                          \
    ROW(gslm) ROW(km) ROW(units) ROW(units_names) ROW(npy) ROW(ark) ROW(jsonl) ROW(ctm)            \
    ROW(textgrid) ROW(fileid)
#define FEATURE_FORMATS(ROW) ROW(npy) ROW(ark) ROW(hubert)

#define DECLARE_UNIT(name) extern const struct unit_format unit_format_##name;
#define DECLARE_FEATURE(name) extern const struct feature_format feature_format_##name;
UNIT_FORMATS(DECLARE_UNIT)
FEATURE_FORMATS(DECLARE_FEATURE)

#define UNIT_ROW(name) &unit_format_##name,
#define FEATURE_ROW(name) &feature_format_##name,
static const struct unit_format *const unit_table[] = {UNIT_FORMATS(UNIT_ROW) NULL};
static const struct feature_format *const feature_table[] = {FEATURE_FORMATS(FEATURE_ROW) NULL};

const struct unit_format *unit_format_at(size_t i)
{
    return i < sizeof unit_table / sizeof *unit_table ? unit_table[i] : NULL;
}

const struct feature_format *feature_format_at(size_t i)
{
    return i < sizeof feature_table / sizeof *feature_table ? feature_table[i] : NULL;
}

static void append(char *text, size_t size, const char *separator, const char *word)
{
    size_t n = strlen(text);
    snprintf(text + n, size - n, "%s%s", n > 0 ? separator : "", word);
}

bool unit_format_find(const char *name, const struct unit_format **format, struct failure *failure)
{
    char names[512] = "";
    for (size_t i = 0; unit_table[i]; i++) {
        append(names, sizeof names, " ", unit_table[i]->name);
        if (strcmp(name, unit_table[i]->name) != 0) continue;
        *format = unit_table[i];
        return true;
    }
    return fail(failure, EXIT_USAGE,
                "there is no unit format '%s'; choose one of: %s", name, names);
}

bool feature_format_find(const char *name, const struct feature_format **format,
                         struct failure *failure)
{
    char names[512] = "";
    for (size_t i = 0; feature_table[i]; i++) {
        append(names, sizeof names, " ", feature_table[i]->name);
        if (strcmp(name, feature_table[i]->name) != 0) continue;
        *format = feature_table[i];
        return true;
    }
    return fail(failure, EXIT_USAGE,
                "there is no feature format '%s'; choose one of: %s", name, names);
}

static bool has_suffix(const char *path, const char *const *suffix, size_t n_suffix)
{
    for (size_t i = 0; i < n_suffix && suffix[i]; i++)
        if (path_has_suffix(path, suffix[i] + 1)) return true;
    return false;
}

bool unit_format_has_suffix(const struct unit_format *format, const char *path)
{
    return has_suffix(path, format->suffix, 3);
}

const struct unit_format *unit_format_of_path(const char *path)
{
    for (size_t i = 0; unit_table[i]; i++)
        if (has_suffix(path, unit_table[i]->suffix, 3)) return unit_table[i];
    return NULL;
}

static bool has_text_suffix(const char *path, const struct unit_format *format)
{
    for (size_t i = 0; i < 3 && format->suffix[i]; i++)
        if (path_has_text_suffix(path, format->suffix[i] + 1)) return true;
    return false;
}

const struct unit_format *unit_format_of_input(const char *path)
{
    for (size_t i = 0; unit_table[i]; i++)
        if ((unit_table[i]->traits & FORMAT_TEXT) && has_text_suffix(path, unit_table[i]))
            return unit_table[i];
    return unit_format_of_path(path);
}

const struct feature_format *feature_format_of_path(const char *path)
{
    for (size_t i = 0; feature_table[i]; i++)
        if (has_suffix(path, feature_table[i]->suffix, 3)) return feature_table[i];
    return NULL;
}

void format_losses(const struct unit_facts *facts, unsigned from_traits,
                   const struct unit_format *to, bool dedup, bool durations, char *text,
                   size_t size)
{
    unsigned lost = from_traits & ~to->traits;
    bool keeps_frames = !dedup || (to->traits & (FORMAT_RUNS | FORMAT_TIMES));
    bool keeps_durations = keeps_frames || (durations && (to->traits & FORMAT_DURATIONS));
    text[0] = '\0';
    if (!keeps_durations) append(text, size, ", ", "durations");
    if (lost & FORMAT_TIMES) append(text, size, ", ", "times");
    if (lost & FORMAT_GAPS) append(text, size, ", ", "gaps");
    if (lost & FORMAT_NAMES) append(text, size, ", ", "names");
    if (facts->hop_samples && !(to->traits & FORMAT_FRAME_RATE))
        append(text, size, ", ", "hop and rate");
    if (facts->n_code && !(to->traits & FORMAT_CODES))
        append(text, size, ", ", "the number of codes");
    if (facts->model_hash[0] && !(to->traits & FORMAT_MODEL))
        append(text, size, ", ", "the model's hash");
}
