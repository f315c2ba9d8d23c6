/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* open_memstream */
#include "tools/base/growing.h"
#include "tools/base/json_writer.h"
#include "tools/report/page_parts.h"
#include "tools/report/unit_examples.h"

#include <stdlib.h>

static void write_phones(struct json_writer *json, const struct phone_view *phone)
{
    json_open(json, "phones", '[');
    for (uint32_t i = 0; i < phone->n; i++)
        json_text(json, NULL, phone->phones->labels.name[phone->order[i]]);
    json_close(json, ']');
}

/* The columns of the map, in their order: [unit, frames, row, frames, row, frames ...]. */
static void write_columns(struct json_writer *json, const struct unit_view *view,
                          const struct phone_view *phone)
{
    json_open(json, "columns", '[');
    for (uint32_t i = 0; i < view->n_shown; i++) {
        uint32_t unit = view->shown[i];
        json_open(json, NULL, '[');
        json_count(json, NULL, unit);
        json_count(json, NULL, view->frames[unit]);
        for (uint32_t p = 0; p < phone->n; p++) {
            uint64_t n = unit_view_count(view, phone->order[p], unit);
            if (!n) continue;
            json_count(json, NULL, p);
            json_count(json, NULL, n);
        }
        json_close(json, ']');
    }
    json_close(json, ']');
}

/* What a unit is called, where that is not its number: "17+3". */
static void write_names(struct json_writer *json, const struct unit_view *view)
{
    char text[64];
    json_open(json, "names", '{');
    for (uint32_t i = 0; view->evaluation->units->tuple && i < view->n_shown; i++) {
        char key[16];
        snprintf(key, sizeof key, "%u", view->shown[i]);
        unit_set_symbol_text(view->evaluation->units, view->shown[i], text, sizeof text);
        json_text(json, key, text);
    }
    json_close(json, '}');
}

/* By column: [utterance, first frame, frames, ...]. */
static bool write_examples(struct json_writer *json, const struct unit_view *view,
                           struct failure *failure)
{
    struct unit_example(*example)[UNIT_EXAMPLES] = zeroed(view->n, sizeof *example, failure);
    if (!example) return false;
    unit_examples_find(view, example);
    json_open(json, "examples", '[');
    for (uint32_t i = 0; i < view->n_shown; i++) {
        const struct unit_example *of = example[view->shown[i]];
        json_open(json, NULL, '[');
        for (unsigned k = 0; k < UNIT_EXAMPLES && of[k].n; k++) {
            json_count(json, NULL, of[k].utterance);
            json_count(json, NULL, of[k].first);
            json_count(json, NULL, of[k].n);
        }
        json_close(json, ']');
    }
    json_close(json, ']');
    free(example);
    return true;
}

static bool write_model(struct json_writer *json, const struct unit_view *view,
                        const struct phone_view *phone, struct failure *failure)
{
    const struct unit_set *units = view->evaluation->units;
    bool has_time = unit_set_has_time(units);
    json_open(json, NULL, '{');
    json_text(json, "name", view->name);
    json_number(json, "frame", has_time ? (double)units->hop_samples / units->rate_hz
                                        : (double)(units->stride ? units->stride : 1));
    json_truth(json, "seconds", has_time);
    json_count(json, "frames", view->evaluation->usage.frames);
    write_names(json, view);
    write_columns(json, view, phone);
    bool good = write_examples(json, view, failure);
    json_close(json, '}');
    return good;
}

static bool write_views(FILE *file, const struct unit_views *views, struct failure *failure)
{
    struct json_writer json = {.file = file, .layout = JSON_COMPACT};
    const struct unit_set *units = views->unit[0].evaluation->units;
    json_open(&json, NULL, '{');
    write_phones(&json, &views->phone);
    json_open(&json, "utterances", '[');
    for (size_t u = 0; u < units->n_utterance; u++)
        json_text(&json, NULL, units->utterance[u].name);
    json_close(&json, ']');
    json_open(&json, "models", '[');
    for (size_t m = 0; m < views->n; m++)
        if (!write_model(&json, &views->unit[m], &views->phone, failure)) return false;
    json_close(&json, ']');
    json_close(&json, '}');
    return true;
}

/* JSON as an element of the page: no text in it may end the element. */
static void write_element(FILE *file, const char *id, const char *json, size_t n)
{
    fprintf(file, "<script type=\"application/json\" id=\"%s\">", id);
    for (size_t i = 0; i < n; i++) {
        if (json[i] == '<') fputs("\\u003c", file);
        else fputc(json[i], file);
    }
    fputs("</script>\n", file);
}

static bool write_json(FILE *file, const char *id, const struct page_input *input,
                       const struct unit_views *views, struct failure *failure)
{
    char *text = NULL;
    size_t n = 0;
    FILE *memory = open_memstream(&text, &n);
    if (!memory) return fail_memory(failure);
    bool good = views ? write_views(memory, views, failure)
                      : evaluation_write_json(memory, input->evaluation, input->n_model,
                                              input->names, failure);
    bool is_whole = fclose(memory) == 0;
    if (good && !is_whole) good = fail_memory(failure);
    if (good) write_element(file, id, text, n);
    free(text);
    return good;
}

bool part_data(FILE *file, const struct page_input *input, const struct unit_views *views,
               struct failure *failure)
{
    return write_json(file, "evaluation", input, NULL, failure) &&
           write_json(file, "units", input, views, failure);
}
