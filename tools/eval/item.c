/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* asprintf */
#include "tools/eval/item.h"

#include "tools/base/growing.h"
#include "tools/base/line_reader.h"
#include "tools/base/seconds.h"
#include "tools/eval/fields.h"
#include "tools/eval/pairing.h"
#include "tools/eval/utterance_key.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_NAME, ONSET, OFFSET, PHONE, PREVIOUS, NEXT, SPEAKER, N_FIELD };

static bool add_names(struct item_list *list, char **field, struct item *item,
                      struct failure *failure)
{
    char *file = utterance_key(field[FILE_NAME]), *context = NULL;
    if (asprintf(&context, "%s %s", field[PREVIOUS], field[NEXT]) < 0) context = NULL;
    bool good = file && context ? name_index_add(&list->files, file, &item->file, failure) &&
                                      name_index_add(&list->contexts, context, &item->context,
                                                     failure)
                                : fail_memory(failure);
    free(file);
    free(context);
    return good && name_index_add(&list->phones, field[PHONE], &item->phone, failure) &&
           name_index_add(&list->speakers, field[SPEAKER], &item->speaker, failure);
}

static bool read_line(struct item_list *list, struct line_reader *reader, char *line,
                      struct failure *failure)
{
    char *field[N_FIELD];
    struct item item = {0};
    size_t n = split_fields(line, field, N_FIELD);
    if (n != N_FIELD)
        return line_reader_fail(reader, failure,
                                "%zu fields; expected 'file onset offset phone prev-phone "
                                "next-phone speaker'", n);
    if (!seconds_read(reader, "onset", field[ONSET], &item.onset_us, failure) ||
        !seconds_read(reader, "offset", field[OFFSET], &item.offset_us, failure))
        return false;
    if (item.offset_us < item.onset_us)
        return line_reader_fail(reader, failure, "the offset %s is before the onset %s",
                                field[OFFSET], field[ONSET]);
    if (!add_names(list, field, &item, failure) ||
        !grow(&list->item, &list->capacity, list->n + 1, sizeof *list->item, failure))
        return false;
    list->item[list->n++] = item;
    return true;
}

static bool read_lines(struct item_list *list, struct line_reader *reader, struct failure *failure)
{
    char *line;
    size_t length;
    if (!line_reader_next(reader, &line, &length, failure)) return false;
    if (!line)
        return fail(failure, EXIT_INPUT,
                    "%s: the file is empty; expected the header '#file onset offset "
                    "...'", line_reader_path(reader));
    if (*line != '#')
        return line_reader_fail(reader, failure,
                                "expected the header '#file onset offset ...'");
    while (line_reader_next(reader, &line, &length, failure)) {
        if (!line) return true;
        if (!is_blank(line) && !read_line(list, reader, line, failure)) return false;
    }
    return false;
}

static bool sort_names(struct item_list *list, struct failure *failure)
{
    uint32_t *file = NULL, *phone = NULL, *context = NULL, *speaker = NULL;
    bool good = name_index_sort(&list->files, &file, failure) &&
                name_index_sort(&list->phones, &phone, failure) &&
                name_index_sort(&list->contexts, &context, failure) &&
                name_index_sort(&list->speakers, &speaker, failure);
    for (size_t i = 0; good && i < list->n; i++) {
        struct item *item = &list->item[i];
        item->file = file[item->file];
        item->phone = phone[item->phone];
        item->context = context[item->context];
        item->speaker = speaker[item->speaker];
    }
    free(file);
    free(phone);
    free(context);
    free(speaker);
    return good;
}

bool item_list_read(struct item_list *list, const char *path, struct failure *failure)
{
    struct line_reader *reader;
    *list = (struct item_list){0};
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good = read_lines(list, reader, failure) && sort_names(list, failure);
    line_reader_close(reader);
    if (!good) item_list_clear(list);
    return good;
}

void item_list_clear(struct item_list *list)
{
    free(list->item);
    name_index_clear(&list->files);
    name_index_clear(&list->phones);
    name_index_clear(&list->contexts);
    name_index_clear(&list->speakers);
    *list = (struct item_list){0};
}

static size_t clip(int64_t frame, size_t n_frame)
{
    if (frame < 0) return 0;
    return (uint64_t)frame < n_frame ? (size_t)frame : n_frame;
}

void item_frames(const struct item *item, uint32_t hop_samples, uint32_t rate_hz, size_t n_frame,
                 size_t *first, size_t *end)
{
    *first = clip(frame_from_time(item->onset_us, hop_samples, rate_hz), n_frame);
    *end = clip(frame_after_time(item->offset_us, hop_samples, rate_hz), n_frame);
    if (*end < *first) *end = *first;
}
