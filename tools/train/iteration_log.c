/* SPDX-License-Identifier: MIT */
#include "tools/train/iteration_log.h"

#include "tools/base/json_get.h"
#include "tools/base/line_reader.h"

#include <unistd.h>

/* Whether a line is an iteration before this one. Half a line is not. */
static bool is_before(const char *line, size_t length, uint32_t codebook, uint32_t iteration)
{
    size_t column;
    const char *reason;
    uint32_t b, i;
    struct json *json = json_parse(line, length, &column, &reason);
    bool is = json && json_get_u32(json, "codebook", &b) && json_get_u32(json, "iteration", &i) &&
              b > 0 && (b - 1 < codebook || (b - 1 == codebook && i < iteration));
    json_free(json);
    return is;
}

static bool count_before(const char *path, uint32_t codebook, uint32_t iteration, uint64_t *n,
                         struct failure *failure)
{
    struct line_reader *reader;
    char *line;
    size_t length;
    *n = 0;
    if ((codebook == 0 && iteration == 0) || access(path, F_OK) != 0) return true;
    if (!line_reader_open(&reader, path, failure)) return false;
    bool good;
    while ((good = line_reader_next(reader, &line, &length, failure)) && line &&
           is_before(line, length, codebook, iteration))
        ++*n;
    line_reader_close(reader);
    return good;
}

bool iteration_log_open(struct line_log *log, const char *path, uint32_t codebook,
                        uint32_t iteration, struct failure *failure)
{
    uint64_t n = 0;
    return (!path || count_before(path, codebook, iteration, &n, failure)) &&
           line_log_open(log, path, n, failure);
}

bool iteration_log_write(const struct line_log *log, uint32_t codebook,
                         const struct lloyd_state *state, const struct totals *totals,
                         struct failure *failure)
{
    if (!log->file) return true;
    struct json_writer json = line_log_begin(log);
    uint32_t used = totals_used(totals);
    json_count(&json, "codebook", codebook + 1);
    json_count(&json, "iteration", state->iteration);
    json_number(&json, "distortion", totals_mean_distance(totals));
    json_number(&json, "perplexity", totals_perplexity(totals));
    json_count(&json, "used", used);
    json_count(&json, "dead", totals->n_code - used);
    json_count(&json, "revived", state->n_revived);
    return line_log_end(log, &json, failure);
}
