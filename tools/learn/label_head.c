/* SPDX-License-Identifier: MIT */
#include "tools/learn/label_head.h"

#include "tools/base/growing.h"
#include "tools/base/path.h"
#include "tools/base/utf8.h"
#include "tools/formats/format_detect.h"
#include "tools/learn/label_phones.h"
#include "tools/learn/label_units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct label_head {
    struct label_phones *phones; /* one of the two */
    struct label_units *units;
};

/* Formats with times whose entries are runs have labels of any text, which alignments read. */
static bool is_of_units(const struct unit_format *format)
{
    enum { INTERVALS = FORMAT_TIMES | FORMAT_RUNS };
    return format && (format->traits & INTERVALS) != INTERVALS;
}

/* A file that is no unit file is left to the reader of alignments, which knows more kinds. */
static bool find_units(const char *path, const struct unit_format *stated, bool *is_units,
                       struct failure *failure)
{
    const struct unit_format *format = stated;
    struct failure unknown;
    *is_units = is_of_units(stated);
    if (stated) return true;
    if (!path_is_folder(path)) {
        *is_units = unit_format_detect(path, &format, &unknown) && is_of_units(format);
        return true;
    }
    struct folder_paths files = {0};
    bool good = unit_format_of_folder(path, NULL, &format, &files, failure);
    folder_paths_free(&files);
    *is_units = good && is_of_units(format);
    return good;
}

/* A TextGrid without a tier of phones may be one that voq wrote. */
static bool read_intervals(struct label_phones **phones, const char *path, const char *tier,
                           struct failure *failure)
{
    struct failure no_phones, no_units;
    return label_phones_read(phones, path, tier, &no_phones) ||
           (!tier && label_phones_read(phones, path, "units", &no_units)) ||
           fail(failure, no_phones.code, "%s", no_phones.text);
}

bool label_head_read(struct label_head **head, const char *path,
                     const struct label_head_options *options, struct failure *failure)
{
    bool is_units;
    struct label_head *made = zeroed(1, sizeof *made, failure);
    if (!made) return false;
    if (find_units(path, options->units.format, &is_units, failure) &&
        (is_units ? label_units_read(&made->units, path, options, failure)
                  : read_intervals(&made->phones, path, options->tier, failure))) {
        *head = made;
        return true;
    }
    free(made);
    return false;
}

void label_head_free(struct label_head *head)
{
    if (!head) return;
    if (head->phones) label_phones_free(head->phones);
    if (head->units) label_units_free(head->units);
    free(head);
}

uint32_t label_head_n_class(const struct label_head *head)
{
    return head->units ? label_units_n_class(head->units) : label_phones_n_class(head->phones);
}

bool label_head_is_alignment(const struct label_head *head)
{
    return head->phones != NULL;
}

static void drop_last_character(char *text)
{
    size_t n = strlen(text);
    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80) n--;
    text[n > 0 ? n - 1 : 0] = 0;
}

void label_head_class(const struct label_head *head, uint32_t i, char *text, size_t capacity)
{
    if (head->units)
        snprintf(text, capacity, "%u", (unsigned)i);
    else if (snprintf(text, capacity, "%s", label_phones_class(head->phones, i)) >= (int)capacity)
        drop_last_character(text);
    utf8_make_harmless(text);
}

size_t label_head_n_unnamed(const struct label_head *head)
{
    return head->units ? label_units_n_unnamed(head->units) : 0;
}

int64_t label_head_find(const struct label_head *head, const char *name, size_t i)
{
    return head->units ? label_units_find(head->units, name, i)
                       : label_phones_find(head->phones, name);
}

double label_head_length(const struct label_head *head, int64_t found, uint32_t rate_hz)
{
    return head->units ? label_units_length(head->units, found, rate_hz) : 0;
}

bool label_head_fill(const struct label_head *head, int64_t found, const struct label_grid *grid,
                     int32_t *label, size_t n, struct failure *failure)
{
    if (head->units) return label_units_fill(head->units, found, grid, label, n, failure);
    if (grid->rate_hz == 0)
        return fail(failure, EXIT_USAGE,
                    "vectors have no times, so an alignment cannot label them; give units");
    return label_phones_fill(head->phones, found, grid, label, n, failure);
}
