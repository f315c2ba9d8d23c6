/* SPDX-License-Identifier: MIT */
#include "tools/learn/epoch_report.h"

#include "tools/base/line_log.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct epoch_log {
    struct line_log lines;
    struct messages *messages;
};

static double mean(double sum, double n)
{
    return n > 0 ? sum / n : NAN;
}

/* Of all levels of the codebook; NAN before it takes part. */
static double commitment(const struct learner_report *report, const struct learner *learner)
{
    double sum = 0;
    for (uint32_t l = 0; l < learner->options.quantizer.n_codebook; l++)
        sum += report->commitment[l];
    return learner->quantizes ? mean(sum, report->n_quantized) : NAN;
}

void epoch_report_short(const struct learner_report *report, const struct learner *learner,
                        uint64_t epoch, uint64_t n_epoch, char *text, size_t capacity)
{
    char codes[64] = "";
    const struct code_usage *usage = &learner->quantizer.usage[0];
    if (learner->quantizes)
        snprintf(codes, sizeof codes, ", perplexity %.0f", code_usage_perplexity(usage));
    snprintf(text, capacity, "epoch %llu of %llu: loss %.4g%s", (unsigned long long)epoch,
             (unsigned long long)n_epoch, mean(report->loss, report->n_row), codes);
}

bool epoch_log_open(struct epoch_log **log, const char *path, uint64_t n_line,
                    struct messages *messages, struct failure *failure)
{
    struct epoch_log *opened = calloc(1, sizeof *opened);
    if (!opened) return fail_memory(failure);
    opened->messages = messages;
    if (!line_log_open(&opened->lines, path, n_line, failure)) {
        free(opened);
        return false;
    }
    *log = opened;
    return true;
}

void epoch_log_close(struct epoch_log *log)
{
    if (!log) return;
    line_log_close(&log->lines);
    free(log);
}

/* Appends printf-like text to text[capacity]. */
__attribute__((format(printf, 3, 4))) static void append(char *text, size_t capacity,
                                                         const char *format, ...)
{
    size_t n = strlen(text);
    va_list values;
    va_start(values, format);
    vsnprintf(text + n, capacity - n, format, values);
    va_end(values);
}

static void print(const struct epoch_log *log, const struct learner_report *report,
                  const struct learner *learner, uint64_t epoch, double pnmi)
{
    char text[1152] = ""; /* of LEARNER_HEADS heads and LEARNER_CODEBOOKS codebooks */
    append(text, sizeof text, "epoch %llu: loss %.4f", (unsigned long long)epoch,
           mean(report->loss, report->n_row));
    for (size_t h = 0; h < learner->options.n_head; h++)
        if (report->n_labelled[h] > 0)
            append(text, sizeof text, ", accuracy %.3f",
                   report->n_correct[h] / report->n_labelled[h]);
        else
            append(text, sizeof text, ", no labels");
    if (learner->options.n_head == 0)
        append(text, sizeof text, ", error %.4f", mean(report->reconstruction, report->n_row));
    if (learner->quantizes)
        append(text, sizeof text, ", commitment %.3f", commitment(report, learner));
    for (uint32_t l = 0; learner->quantizes && l < learner->options.quantizer.n_codebook; l++) {
        const struct code_usage *usage = &learner->quantizer.usage[l];
        append(text, sizeof text, ", perplexity %.1f, %u used, %llu restarts",
               code_usage_perplexity(usage), (unsigned)code_usage_used(usage),
               (unsigned long long)usage->n_restart);
    }
    if (pnmi == pnmi) append(text, sizeof text, ", dev PNMI %.4f", pnmi);
    messages_note(log->messages, "%s", text);
}

static void write_heads(struct json_writer *json, const struct learner_report *report,
                        const struct learner *learner)
{
    json_open(json, "heads", '[');
    for (size_t h = 0; h < learner->options.n_head; h++) {
        json_open(json, NULL, '{');
        json_number(json, "cross_entropy", mean(report->label[h], report->n_labelled[h]));
        json_number(json, "cross_entropy_of_codewords",
                       learner->quantizes
                           ? mean(report->label_quantized[h], report->n_labelled_quantized[h])
                           : NAN);
        json_number(json, "accuracy", mean(report->n_correct[h], report->n_labelled[h]));
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void write_codebooks(struct json_writer *json, const struct learner_report *report,
                            const struct learner *learner)
{
    json_open(json, "codebooks", '[');
    for (uint32_t l = 0; learner->quantizes && l < learner->options.quantizer.n_codebook; l++) {
        const struct code_usage *usage = &learner->quantizer.usage[l];
        json_open(json, NULL, '{');
        json_number(json, "commitment", mean(report->commitment[l], report->n_quantized));
        json_number(json, "perplexity", code_usage_perplexity(usage));
        json_count(json, "used", code_usage_used(usage));
        json_count(json, "dead", usage->n_code - code_usage_used(usage));
        json_count(json, "restarts", usage->n_restart);
        json_close(json, '}');
    }
    json_close(json, ']');
}

bool epoch_log_write(struct epoch_log *log, const struct learner_report *report,
                     const struct learner *learner, uint64_t epoch, double pnmi,
                     struct failure *failure)
{
    print(log, report, learner, epoch, pnmi);
    if (!log->lines.file) return true;
    struct json_writer json = line_log_begin(&log->lines);
    json_count(&json, "epoch", epoch);
    json_count(&json, "steps", learner->n_step);
    json_number(&json, "loss", mean(report->loss, report->n_row));
    json_number(&json, "commitment", commitment(report, learner));
    json_number(&json, "reconstruction", learner->options.n_head == 0
                                                ? mean(report->reconstruction, report->n_row)
                                                : NAN);
    json_number(&json, "consistency", learner->options.consistency > 0
                                             ? mean(report->consistency, report->n_row)
                                             : NAN);
    write_heads(&json, report, learner);
    write_codebooks(&json, report, learner);
    json_number(&json, "dev_pnmi", pnmi);
    return line_log_end(&log->lines, &json, failure);
}
