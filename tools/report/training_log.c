/* SPDX-License-Identifier: MIT */
#include "tools/report/training_log.h"

#include "tools/base/growing.h"
#include "tools/base/json_get.h"
#include "tools/base/line_reader.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static bool add_point(struct curve *curve, double x, double y, struct failure *failure)
{
    if (!grow(&curve->x, &curve->x_capacity, curve->n + 1, sizeof *curve->x, failure) ||
        !grow(&curve->y, &curve->y_capacity, curve->n + 1, sizeof *curve->y, failure))
        return false;
    curve->x[curve->n] = x;
    curve->y[curve->n++] = y;
    return true;
}

#define MOST 1e200 /* beyond it a chart has no scale */

/* A number that is absent or null is not known at this step. */
static bool add(struct curve *curve, double x, const struct json *object, const char *key,
                struct failure *failure)
{
    const struct json *value = json_get(object, key);
    if (!value || value->type != JSON_NUMBER || !(fabs(value->number) < MOST)) return true;
    return add_point(curve, x, value->number, failure);
}

static bool take_iteration(struct training_log *log, const struct json *line, uint32_t codebook,
                           uint32_t iteration, struct failure *failure)
{
    double x = iteration;
    return add(&log->curve[CURVE_DISTORTION][codebook], x, line, "distortion", failure) &&
           add(&log->curve[CURVE_PERPLEXITY][codebook], x, line, "perplexity", failure) &&
           add(&log->curve[CURVE_DEAD][codebook], x, line, "dead", failure);
}

/* Adds a number of each codebook, or of each head. */
static bool add_list(struct curve *curve, double x, const struct json *line, const char *list,
                     const char *key, struct failure *failure)
{
    const struct json *array = json_get_array(line, list);
    size_t i = 0;
    for (const struct json *at = array ? array->child : NULL; at && i < LOG_CODEBOOKS;
         at = at->next, i++)
        if (at->type == JSON_OBJECT && !add(&curve[i], x, at, key, failure)) return false;
    return true;
}

static bool take_epoch(struct training_log *log, const struct json *line, uint32_t epoch,
                       struct failure *failure)
{
    static const struct {
        enum curve_kind kind;
        const char *key;
    } whole[] = {{CURVE_LOSS, "loss"},
                 {CURVE_COMMITMENT, "commitment"},
                 {CURVE_RECONSTRUCTION, "reconstruction"},
                 {CURVE_CONSISTENCY, "consistency"},
                 {CURVE_DEV_PNMI, "dev_pnmi"}};
    log->has_epochs = true;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (!add(&log->curve[whole[i].kind][0], epoch, line, whole[i].key, failure)) return false;
    return add_list(log->curve[CURVE_ACCURACY], epoch, line, "heads", "accuracy", failure) &&
           add_list(log->curve[CURVE_PERPLEXITY], epoch, line, "codebooks", "perplexity",
                    failure) &&
           add_list(log->curve[CURVE_DEAD], epoch, line, "codebooks", "dead", failure);
}

static bool take_line(struct training_log *log, const struct json *line,
                      struct line_reader *reader, struct failure *failure)
{
    uint32_t step, codebook;
    if (json_get_u32(line, "epoch", &step)) return take_epoch(log, line, step, failure);
    if (json_get_u32(line, "iteration", &step) && json_get_u32(line, "codebook", &codebook) &&
        codebook > 0 && codebook <= LOG_CODEBOOKS)
        return take_iteration(log, line, codebook - 1, step, failure);
    return line_reader_fail(reader, failure,
                            "is neither an epoch nor an iteration; name a file of voq train --log");
}

static bool read_lines(struct training_log *log, struct line_reader *reader,
                       struct failure *failure)
{
    char *text;
    size_t length, column;
    const char *reason;
    bool good;
    while ((good = line_reader_next(reader, &text, &length, failure)) && text) {
        struct json *line = json_parse(text, length, &column, &reason);
        if (!line)
            good = line_reader_fail(reader, failure,
                                    "is not JSON at column %zu: %s; name a file of voq train --log",
                                    column, reason);
        else
            good = take_line(log, line, reader, failure);
        json_free(line);
        if (!good) return false;
    }
    return good && (line_reader_number(reader) > 0 ||
                    fail(failure, EXIT_INPUT, "%s: is empty; name a file of voq train --log",
                         log->path));
}

bool training_log_read(struct training_log *log, const char *path, struct failure *failure)
{
    struct line_reader *reader;
    *log = (struct training_log){.path = path};
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good = read_lines(log, reader, failure);
    line_reader_close(reader);
    return good;
}

void training_log_clear(struct training_log *log)
{
    for (size_t kind = 0; kind < CURVE_KINDS; kind++)
        for (size_t i = 0; i < LOG_CODEBOOKS; i++) {
            free(log->curve[kind][i].x);
            free(log->curve[kind][i].y);
        }
    *log = (struct training_log){0};
}
