/* SPDX-License-Identifier: MIT */
#include "tools/base/growing.h"
#include "tools/base/number.h"
#include "tools/base/output_file.h"
#include "tools/base/utf8.h"
#include "tools/command/command.h"
#include "tools/command/model_card.h"
#include "tools/cli/model_list.h"
#include "tools/cli/option_rows.h"
#include "tools/base/json_writer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct models_options {
    bool json, quiet;
};

static const struct option_row rows[] = {
    OPTION_ROW_JSON(offsetof(struct models_options, json), "an array with one object per model"),
    OPTION_ROW_QUIET(offsetof(struct models_options, quiet)),
};

static const struct option_table table = {
    .command = "models",
    .operands = "[OPTION]...",
    .about = "Lists the models that can be used by name: those in $VOQ_MODELS, those installed "
             "with voq and those of its source tree. If two have the same name, only the first "
             "one is listed, which is the one that the name selects.",
    .notes = "LOOK-AHEAD is in ms. PNMI is read from the model's card, the page NAME.md beside\n"
             "the model. \"-\" means that the value is not stated.\n",
    .row = rows,
    .n_row = sizeof rows / sizeof rows[0],
};

enum column { NAME, HASH, CODES, LOOK_AHEAD, PNMI, LICENCE, FILE_PATH, N_COLUMN };

static const char *const title[N_COLUMN] = {"NAME", "HASH", "CODES", "LOOK-AHEAD", "PNMI",
                                            "LICENCE", "FILE"};

/* One row of the list. Unknown numbers are NaN, unknown texts "". */
struct listed {
    char text[FILE_PATH][256]; /* cells of the table */
    const char *name, *path;
    uint32_t n_codebook, n_code;
    double look_ahead_ms, pnmi;
    char licence[256];
};

static void find_licence(const char *provenance, const char *path, char *licence, size_t capacity)
{
    static const char key[] = "licence=";
    for (const char *line = provenance; line && *line; line += strspn(line, "\n")) {
        size_t n = strcspn(line, "\n");
        if (strncmp(line, key, sizeof key - 1) == 0) {
            snprintf(licence, capacity, "%.*s", (int)(n - sizeof key + 1), line + sizeof key - 1);
            return;
        }
        line += n;
    }
    if (!model_card_value(path, "licence", licence, capacity)) licence[0] = '\0';
}

static void set_text(struct listed *model, enum column column, const char *text)
{
    snprintf(model->text[column], sizeof model->text[column], "%s", text[0] ? text : "-");
    utf8_make_harmless(model->text[column]);
}

static void set_codes(struct listed *model)
{
    char text[64] = "";
    if (model->n_codebook > 1)
        snprintf(text, sizeof text, "%ux%u", model->n_codebook, model->n_code);
    else if (model->n_code)
        snprintf(text, sizeof text, "%u", model->n_code);
    set_text(model, CODES, text);
}

static void set_number(struct listed *model, enum column column, double value, int digits)
{
    char text[64] = "";
    if (isfinite(value)) snprintf(text, sizeof text, "%.*f", digits, value);
    set_text(model, column, text);
}

static bool look_at(struct listed *model, const struct model_entry *entry, struct failure *failure)
{
    char path[4096], pnmi[64];
    voq_info info = {.struct_size = sizeof info};
    voq_model *opened;
    if (!model_open(entry->path, VOQ_CPU_AUTO, &opened, path, sizeof path, failure)) return false;
    voq_status status = voq_model_describe(opened, &info);
    if (status == VOQ_OK) {
        *model = (struct listed){.name = entry->name, .path = entry->path,
                                 .n_codebook = info.n_codebook, .n_code = info.n_code,
                                 .look_ahead_ms = NAN};
        if (info.rate_hz) model->look_ahead_ms = info.look_ahead_samples * 1e3 / info.rate_hz;
        if (!model_card_value(path, "PNMI", pnmi, sizeof pnmi) ||
            !parse_double(pnmi, &model->pnmi))
            model->pnmi = NAN;
        find_licence(info.provenance, path, model->licence, sizeof model->licence);
        set_text(model, NAME, entry->name);
        set_text(model, HASH, info.hash);
        set_codes(model);
        set_number(model, LOOK_AHEAD, model->look_ahead_ms, 1);
        set_number(model, PNMI, model->pnmi, 4);
        set_text(model, LICENCE, model->licence);
    }
    voq_model_close(opened);
    return status == VOQ_OK || fail(failure, EXIT_INTERNAL, "%s: %s", path,
                                    voq_status_string(status));
}

static void write_table(const struct listed *model, size_t n, FILE *file)
{
    int width[N_COLUMN];
    for (int c = 0; c < FILE_PATH; c++) {
        width[c] = (int)strlen(title[c]);
        for (size_t i = 0; i < n; i++)
            if ((int)strlen(model[i].text[c]) > width[c]) width[c] = (int)strlen(model[i].text[c]);
        fprintf(file, "%-*s  ", width[c], title[c]);
    }
    fprintf(file, "%s\n", title[FILE_PATH]);
    for (size_t i = 0; i < n; i++) {
        for (int c = 0; c < FILE_PATH; c++) fprintf(file, "%-*s  ", width[c], model[i].text[c]);
        utf8_write_harmless(file, model[i].path, strlen(model[i].path));
        fputc('\n', file);
    }
}

static void write_json(const struct listed *model, size_t n, FILE *file)
{
    struct json_writer json = {.file = file};
    json_open(&json, NULL, '[');
    for (size_t i = 0; i < n; i++) {
        json_open(&json, NULL, '{');
        json_text(&json, "name", model[i].name);
        json_text(&json, "hash", model[i].text[HASH]);
        json_count(&json, "codebooks", model[i].n_codebook);
        json_count(&json, "codes", model[i].n_code);
        json_number(&json, "look_ahead_ms", model[i].look_ahead_ms);
        json_number(&json, "pnmi", model[i].pnmi);
        json_text(&json, "licence", model[i].licence[0] ? model[i].licence : NULL);
        json_text(&json, "file", model[i].path);
        json_close(&json, '}');
    }
    json_close(&json, ']');
}

static bool write_list(const struct models_options *options, const struct listed *model, size_t n,
                       struct failure *failure)
{
    struct output_file *out;
    if (!output_file_open(&out, "-", failure)) return false;
    if (options->json)
        write_json(model, n, output_file_stream(out));
    else
        write_table(model, n, output_file_stream(out));
    return output_file_commit(out, failure);
}

/* Lists the usable models and reports the others. */
static int list_models(const struct models_options *options, struct messages *messages)
{
    struct failure failure = {0};
    struct model_list list = {0};
    struct listed *model = NULL;
    size_t n = 0;
    int code = EXIT_FINE;
    if (!model_list_make(&list, &failure) ||
        !(model = zeroed(list.n, sizeof *model, &failure)))
        code = messages_failure(messages, &failure);
    for (size_t i = 0; model && i < list.n; i++) {
        if (look_at(&model[n], &list.entry[i], &failure))
            n++;
        else
            code = messages_failure(messages, &failure);
    }
    if (model && !write_list(options, model, n, &failure))
        code = messages_failure(messages, &failure);
    free(model);
    model_list_free(&list);
    return code;
}

int command_models(int argc, char **argv, struct messages *messages)
{
    struct models_options options = {0};
    struct failure failure = {0};
    char **operand;
    size_t n_operand;
    switch (options_parse(&table, argc, argv, &options, &operand, &n_operand, &failure)) {
    case OPTIONS_DONE: return EXIT_FINE;
    case OPTIONS_FAILED: return messages_failure(messages, &failure);
    case OPTIONS_RUN: break;
    }
    messages->quiet = options.quiet;
    if (n_operand > 0) {
        fail(&failure, EXIT_USAGE, "%s: voq models takes no argument; voq info %s describes one "
             "model", operand[0], operand[0]);
        return messages_failure(messages, &failure);
    }
    return list_models(&options, messages);
}
