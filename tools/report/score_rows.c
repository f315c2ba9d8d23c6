/* SPDX-License-Identifier: MIT */
#include "tools/report/score_rows.h"

#include "tools/eval/bootstrap.h"
#include "tools/eval/quantizer_error.h"
#include "tools/eval/speaker.h"

#include <math.h>

static double pnmi(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.pnmi : (double)NAN;
}

static double pnmi_speech(const struct evaluation *e)
{
    return e->phones && e->speech.frames ? e->speech.pnmi : (double)NAN;
}

static double phone_purity(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.phone_purity : (double)NAN;
}

static double cluster_purity(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.cluster_purity : (double)NAN;
}

static double v_measure(const struct evaluation *e)
{
    return e->phones && e->all.frames ? e->all.v_measure : (double)NAN;
}

static double abx_within(const struct evaluation *e)
{
    return e->abx ? e->abx->within_speaker_within_context : (double)NAN;
}

static double abx_across(const struct evaluation *e)
{
    return e->abx ? e->abx->across_speaker_within_context : (double)NAN;
}

static double features_within(const struct evaluation *e)
{
    return e->abx_features ? e->abx_features->within_speaker_within_context : (double)NAN;
}

static double features_across(const struct evaluation *e)
{
    return e->abx_features ? e->abx_features->across_speaker_within_context : (double)NAN;
}

static const struct boundary_scores *boundaries(const struct evaluation *e)
{
    const struct boundary_scores *strict = &e->boundaries_all.strict;
    return e->phones && strict->ref ? strict : NULL;
}

static double precision(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->precision : (double)NAN;
}

static double recall(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->recall : (double)NAN;
}

static double f1(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->f1 : (double)NAN;
}

static double r_value(const struct evaluation *e)
{
    return boundaries(e) ? boundaries(e)->r_value : (double)NAN;
}

static double speaker_share(const struct evaluation *e)
{
    return e->phones && e->speaker.frames ? e->speaker.nmi_speaker : (double)NAN;
}

static double speaker_given_phone(const struct evaluation *e)
{
    return e->phones && e->speaker.frames ? e->speaker.mi_given_phone_nats : (double)NAN;
}

static double codes_used(const struct evaluation *e)
{
    return e->usage.frames ? (double)e->usage.codes_used : 0;
}

static double codes(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.codes : (double)NAN;
}

static double perplexity(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.perplexity : (double)NAN;
}

static double mean_run(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.mean_run_frames : (double)NAN;
}

static double runs_per_second(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.runs_per_second : (double)NAN;
}

static double bitrate_frame(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_frame : (double)NAN;
}

static double bitrate_dedup(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_dedup : (double)NAN;
}

static double bitrate_nominal(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_nominal : (double)NAN;
}

static double bitrate_nominal_dedup(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.bitrate_nominal_dedup : (double)NAN;
}

static double entropy_bits(const struct evaluation *e)
{
    return e->usage.frames ? e->usage.entropy_bits : (double)NAN;
}

static double distortion(const struct evaluation *e)
{
    return e->quantizer ? e->quantizer->distortion : (double)NAN;
}

static double snr_db(const struct evaluation *e)
{
    return e->quantizer ? e->quantizer->snr_db : (double)NAN;
}

static double relative_mse(const struct evaluation *e)
{
    return e->reconstruction ? e->reconstruction->relative : (double)NAN;
}

const struct score_row score_row[] = {
    {NULL, "Phones in the units", NULL, 0, 0, -1},
    {"PNMI", "share of the phones' entropy that units tell", pnmi, 1, 3, BOOTSTRAP_PNMI},
    {"PNMI of speech", "without silence", pnmi_speech, 1, 3, BOOTSTRAP_PNMI_SPEECH},
    {"Phone purity", "frames whose phone is their unit's commonest", phone_purity, 100, 1, -1},
    {"Cluster purity", "frames whose unit is their phone's commonest", cluster_purity, 100, 1,
     -1},
    {"V-measure", "of units and phones", v_measure, 1, 3, -1},
    {NULL, "ABX error, %", NULL, 0, 0, -1},
    {"Within speakers", "units", abx_within, 100, 2, BOOTSTRAP_ABX_WITHIN},
    {"Across speakers", "units", abx_across, 100, 2, BOOTSTRAP_ABX_ACROSS},
    {"Within speakers", "features before the codebook", features_within, 100, 2,
     BOOTSTRAP_FEATURES_WITHIN},
    {"Across speakers", "features before the codebook", features_across, 100, 2,
     BOOTSTRAP_FEATURES_ACROSS},
    {NULL, "Boundaries, %", NULL, 0, 0, -1},
    {"Precision", "changes of unit at a phone boundary", precision, 100, 1, -1},
    {"Recall", "phone boundaries at a change of unit", recall, 100, 1, -1},
    {"F1", "of both", f1, 100, 1, -1},
    {"R-value", "penalizes too many boundaries", r_value, 100, 1, -1},
    {NULL, "Speakers", NULL, 0, 0, -1},
    {"NMI", "share of the speakers' entropy that units tell", speaker_share, 1, 4, -1},
    {"MI given phone", "nats of a unit about its speaker", speaker_given_phone, 1, 4, -1},
    {NULL, "Use of the codebook", NULL, 0, 0, -1},
    {"Codes", "possible units", codes, 1, 0, -1},
    {"Codes used", "in this corpus", codes_used, 1, 0, -1},
    {"Perplexity", "as many equally frequent units", perplexity, 1, 1, -1},
    {"Entropy", "bits per unit", entropy_bits, 1, 2, -1},
    {"Mean run", "frames with the same unit", mean_run, 1, 2, -1},
    {"Runs per second", "changes of unit", runs_per_second, 1, 1, -1},
    {NULL, "Bits per second", NULL, 0, 0, -1},
    {"Entropy, every frame", "bitrate_frame", bitrate_frame, 1, 0, -1},
    {"Entropy, every run", "bitrate_dedup, without durations", bitrate_dedup, 1, 0, -1},
    {"Fixed length, every frame", "bitrate_nominal", bitrate_nominal, 1, 0, -1},
    {"Fixed length, every run", "bitrate_nominal_dedup", bitrate_nominal_dedup, 1, 0, -1},
    {NULL, "Quantization", NULL, 0, 0, -1},
    {"Distortion", "mean squared distance from the codeword", distortion, 1, 2, -1},
    {"Signal to noise", "dB", snr_db, 1, 2, -1},
    {"Reconstruction", "relative squared error of the decoder", relative_mse, 1, 3, -1},
};

const size_t n_score_row = sizeof score_row / sizeof *score_row;
