/* SPDX-License-Identifier: MIT */
/* Prints PNMI and ABX for weights that are given: for bootstrap_test.py.

     weighted_scores UNITS.gslm PHONES.ctm ITEMS WEIGHTS     (lines "utterance weight") */
#include "tools/base/line_reader.h"
#include "tools/eval/bootstrap.h"
#include "tools/eval/fields.h"
#include "tools/eval/unit_source.h"

#include <stdio.h>
#include <stdlib.h>

static struct failure failure;

static void need(bool good)
{
    if (good) return;
    fprintf(stderr, "%s\n", failure.text);
    exit(1);
}

static uint32_t *read_weights(const char *path, const struct name_index *utterances)
{
    uint32_t *weight = calloc(utterances->n + 1, sizeof *weight);
    struct line_reader *reader;
    char *line, *field[2];
    size_t length;
    need(line_reader_open(&reader, path, &failure));
    while (line_reader_next(reader, &line, &length, &failure) && line) {
        need(split_fields(line, field, 2) == 2);
        uint32_t id = name_index_find(utterances, field[0]);
        if (id != NO_NAME) weight[id] = (uint32_t)strtoul(field[1], NULL, 10);
    }
    line_reader_close(reader);
    return weight;
}

static double abx(const struct abx_outcomes *outcomes, const uint32_t *weight)
{
    struct outcome_sums sums;
    struct cell_errors errors;
    need(outcome_sums_init(&sums, outcomes->n_phone, &failure));
    need(cell_errors_init(&errors, outcomes, &failure));
    double error = outcomes_error(outcomes, weight, &sums, &errors);
    outcome_sums_clear(&sums);
    cell_errors_clear(&errors);
    return error;
}

int main(int argc, char **argv)
{
    const struct unit_reader_options reader = {
        .facts = {.hop_samples = 160, .rate_hz = 16000}};
    struct unit_source_guess guess;
    struct unit_set units;
    struct item_list items;
    struct alignment *phones;
    struct resampling resampling = {0};
    struct weighted_counts weighted = {0};
    struct abx_outcomes outcomes[2] = {0};
    struct abx_scores scores;
    struct pnmi_scratch scratch;
    if (argc != 5) return 2;
    need(unit_source_read(&units, argv[1], &reader, &guess, &failure));
    need(alignment_read(&phones, argv[2], NULL, &failure));
    need(item_list_read(&items, argv[3], &failure));
    struct evaluation e = {.units = &units, .phones = phones, .pairing = {.upsample = 1},
                           .tolerance_us = 20000};
    need(evaluation_measure(&e, &failure));
    need(resampling_make(&resampling, &units, &(struct feature_set){0}, phones, &items, &failure));
    need(weighted_counts_make(&weighted, &e, &resampling, &failure));
    const struct abx_options options = {.n_thread = 1, .utterances = &resampling.utterances,
                                        .outcomes = outcomes};
    need(abx_of_units(&items, &units, &options, &scores, &failure));
    uint32_t *weight = read_weights(argv[4], &resampling.utterances);
    double all, speech;
    need(pnmi_scratch_init(&scratch, &weighted, &failure));
    weighted_pnmi(&weighted, weight, &scratch, &all, &speech);
    printf("%.17g %.17g %.17g %.17g\n", all, speech, abx(&outcomes[0], weight),
           abx(&outcomes[1], weight));
    pnmi_scratch_clear(&scratch);
    weighted_counts_clear(&weighted);
    outcomes_clear(&outcomes[0]);
    outcomes_clear(&outcomes[1]);
    resampling_clear(&resampling);
    evaluation_clear(&e);
    alignment_free(phones);
    item_list_clear(&items);
    unit_set_clear(&units);
    free(weight);
    return 0;
}
