/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/eval/evaluation.h"

#include <math.h>

static struct failure failure;

/* Units and phones of two utterances, as text. */
struct example {
    struct unit_set units;
    struct alignment *phones;
    struct evaluation e;
};

static void add_units(struct unit_set *set, const char *name, const char *text)
{
    uint32_t id[64];
    size_t n = 0;
    for (; *text; text++)
        if (*text != ' ') id[n++] = (uint32_t)(*text - '0');
    if (!unit_set_add(set, name, NULL, id, n / set->n_codebook, &failure)) abort();
}

/* The units a[...] and b[...], digits; NULL: no such utterance. */
static bool measure(struct example *x, const char *a, const char *b, uint32_t n_code,
                    const char *ctm)
{
    *x = (struct example){.units = {.hop_samples = 160, .rate_hz = 16000, .n_code = n_code,
                                    .n_codebook = 1}};
    if (a) add_units(&x->units, "s1-a", a);
    if (b) add_units(&x->units, "s2-a", b);
    x->e = (struct evaluation){.units = &x->units, .tolerance_us = 20000};
    if (!unit_set_finish(&x->units, &failure) ||
        (ctm && !alignment_read(&x->phones, scratch_text("ctm", ctm), NULL, &failure)))
        return false;
    x->e.phones = x->phones;
    return evaluation_measure(&x->e, &failure);
}

static void clear(struct example *x)
{
    evaluation_clear(&x->e);
    alignment_free(x->phones);
    unit_set_clear(&x->units);
}

#define NEAR(got, expected)                                                                        \
    do {                                                                                           \
        double got_ = (got), expected_ = (expected);                                               \
        if (!(fabs(got_ - expected_) <= 1e-12 * (1 + fabs(expected_))))                            \
            printf("# %s is %.17g, expected %.17g\n", #got, got_, expected_);                      \
        CHECK(fabs(got_ - expected_) <= 1e-12 * (1 + fabs(expected_)));                            \
    } while (0)

static const char worked_ctm[] =
    "s1-a 1 0.00 0.06 SIL\ns1-a 1 0.06 0.04 AH1\ns1-a 1 0.10 0.03 T\ns1-a 1 0.13 0.02 SIL\n"
    "s2-a 1 0.00 0.02 SIL\ns2-a 1 0.02 0.04 AH0\ns2-a 1 0.06 0.03 T\ns2-a 1 0.09 0.01 SIL\n";

static void the_worked_example_comes_out(void)
{
    struct example x;
    CHECK(measure(&x, "555005111223355", "5511443335", 8, worked_ctm));
    CHECK_EQ(x.e.all.frames, 25);
    CHECK_EQ(x.e.speech.frames, 14);
    NEAR(x.e.all.phone_purity, 0.96);
    NEAR(x.e.all.cluster_purity, 0.76);
    NEAR(x.e.all.h_phone_nats, 1.068358338884637);
    NEAR(x.e.all.h_unit_nats, 1.617744488719135);
    NEAR(x.e.all.mi_nats, 1.012906564439841);
    NEAR(x.e.all.pnmi, 0.948096277787575);
    NEAR(x.e.all.completeness, 0.626122710664785);
    NEAR(x.e.all.v_measure, 0.754183014909700);
    NEAR(x.e.all.pnmi_fairseq, 0.9480963079299792);
    NEAR(x.e.speech.pnmi, 0.855000950914605);
    NEAR(x.e.usage.entropy_bits, 2.333911951300547);
    NEAR(x.e.usage.perplexity, 5.041705858065287);
    NEAR(x.e.usage.conditional_entropy_bits, 1.189608278215214);
    NEAR(x.e.usage.bitrate_frame, 233.391195130055);
    NEAR(x.e.usage.bitrate_dedup, 109.639638136868);
    NEAR(x.e.usage.bitrate_nominal, 300);
    NEAR(x.e.usage.bitrate_nominal_dedup, 144);
    CHECK_EQ(x.e.usage.codes_used, 6);
    NEAR(x.e.usage.codes_dead, 2);
    CHECK_EQ(x.e.usage.runs, 12);
    CHECK_EQ(x.e.boundaries_all.strict.hit_hyp, 6);
    CHECK_EQ(x.e.boundaries_all.lenient.hit_hyp, 9);
    NEAR(x.e.boundaries_all.strict.r_value, 0.430964406271151);
    NEAR(x.e.boundaries_all.lenient.r_value, 0.905160734378525);
    NEAR(x.e.boundaries_speech.strict.r_value, 0.573223304703363);
    NEAR(x.e.speaker.mi_nats, 0.174661899619421);
    NEAR(x.e.speaker.nmi_speaker, 0.259522840659788);
    NEAR(x.e.speaker.mi_bias_nats, 0.04);
    NEAR(x.e.speaker.mi_given_phone_nats, 0.147631805777297);
    clear(&x);
}

static void one_phone_class_has_no_pnmi(void)
{
    struct example x;
    CHECK(measure(&x, "0011", NULL, 2, "s1-a 1 0 0.04 AH\n"));
    CHECK(isnan(x.e.all.pnmi) && isnan(x.e.all.pnmi_fairseq));
    NEAR(x.e.all.completeness, 0);
    NEAR(x.e.all.v_measure, 0);
    NEAR(x.e.all.phone_purity, 1);
    clear(&x);
}

static void one_unit_tells_nothing_and_costs_no_bits(void)
{
    struct example x;
    CHECK(measure(&x, "0000", NULL, 1, "s1-a 1 0 0.02 AH\ns1-a 1 0.02 0.02 T\n"));
    NEAR(x.e.all.pnmi, 0);
    CHECK(isnan(x.e.all.completeness));
    NEAR(x.e.usage.entropy_bits, 0);
    NEAR(x.e.usage.perplexity, 1);
    NEAR(x.e.usage.bitrate_nominal, 0);
    clear(&x);
}

static void no_frame_gives_a_count_of_zero_and_nothing_else(void)
{
    struct example x;
    CHECK(measure(&x, "", NULL, 4, "s1-a 1 0 0.04 AH\n"));
    CHECK_EQ(x.e.all.frames, 0);
    CHECK_EQ(x.e.usage.frames, 0);
    CHECK_EQ(x.e.speaker.frames, 0);
    clear(&x);
}

static void only_silence_leaves_no_speech(void)
{
    struct example x;
    CHECK(measure(&x, "0121", NULL, 3, "s1-a 1 0 0.02 SIL\ns1-a 1 0.02 0.02 spn\n"));
    CHECK_EQ(x.e.all.frames, 4);
    CHECK_EQ(x.e.all.phones, 2);
    CHECK_EQ(x.e.speech.frames, 0);
    clear(&x);
}

static void a_single_frame_has_no_conditional_entropy(void)
{
    struct example x;
    CHECK(measure(&x, "1", "0", 2, NULL));
    CHECK_EQ(x.e.usage.frames, 2);
    CHECK(isnan(x.e.usage.conditional_entropy_bits));
    clear(&x);
}

static void pairs_and_runs_end_with_their_utterance(void)
{
    struct example x;
    CHECK(measure(&x, "01", "10", 2, NULL));
    CHECK_EQ(x.e.usage.runs, 4);
    NEAR(x.e.usage.conditional_entropy_bits, 0);
    clear(&x);
}

static void one_speaker_has_no_nmi(void)
{
    struct example x;
    CHECK(measure(&x, "0123", NULL, 4, "s1-a 1 0 0.04 AH\n"));
    CHECK_EQ(x.e.speaker.speakers, 1);
    NEAR(x.e.speaker.mi_nats, 0);
    CHECK(isnan(x.e.speaker.nmi_speaker));
    clear(&x);
}

static void names_that_do_not_match_are_counted(void)
{
    struct example x;
    CHECK(measure(&x, "01", "01", 2, "s1-a 1 0 0.02 AH\nother 1 0 1 T\n"));
    CHECK_EQ(x.e.paired.utterances, 1);
    CHECK_EQ(x.e.paired.missing, 1);
    CHECK_EQ(x.e.paired.ignored, 1);
    CHECK_STR(x.e.paired.missing_name, "other");
    CHECK_STR(x.e.paired.ignored_name, "s2-a");
    CHECK_EQ(x.e.all.frames, 2);
    CHECK_EQ(x.e.usage.frames, 4);
    clear(&x);
}

static void an_utterance_without_inner_boundary_has_counts_only(void)
{
    struct example x;
    CHECK(measure(&x, "0101", NULL, 2, "s1-a 1 0 0.04 AH\n"));
    CHECK_EQ(x.e.boundaries_all.strict.ref, 0);
    CHECK_EQ(x.e.boundaries_all.strict.hyp, 3);
    clear(&x);
}

static void no_unit_change_has_no_precision(void)
{
    struct example x;
    CHECK(measure(&x, "0000", NULL, 2, "s1-a 1 0 0.02 AH\ns1-a 1 0.02 0.02 T\n"));
    const struct boundary_scores *s = &x.e.boundaries_all.strict;
    CHECK(isnan(s->precision));
    NEAR(s->recall, 0);
    NEAR(s->f1, 0);
    NEAR(s->over_segmentation, -1);
    NEAR(s->r_value, 1 - (sqrt(2) + 0) / 2);
    clear(&x);
}

static void touching_silences_are_one_and_equal_phones_are_two(void)
{
    struct example x;
    CHECK(measure(&x, "00000000", NULL, 2,
                  "s1-a 1 0 0.02 T\ns1-a 1 0.02 0.02 SIL\ns1-a 1 0.04 0.01 sp\n"
                  "s1-a 1 0.05 0.02 AH\ns1-a 1 0.07 0.01 AH\n"));
    CHECK_EQ(x.e.boundaries_all.strict.ref, 3);
    clear(&x);
}

static void a_distance_of_exactly_the_tolerance_is_a_hit(void)
{
    static const int64_t a[] = {100000}, b[] = {120000}, c[] = {120001};
    CHECK_EQ(match_strict(a, 1, b, 1, 20000), 1);
    CHECK_EQ(match_strict(a, 1, c, 1, 20000), 0);
    CHECK_EQ(match_lenient(a, 1, b, 1, 20000), 1);
    CHECK_EQ(match_lenient(c, 1, a, 1, 20000), 0);
}

static void strict_boundaries_serve_once_lenient_ones_often(void)
{
    static const int64_t one[] = {50000}, three[] = {40000, 50000, 60000};
    CHECK_EQ(match_strict(one, 1, three, 3, 20000), 1);
    CHECK_EQ(match_lenient(three, 3, one, 1, 20000), 3);
    CHECK_EQ(match_lenient(one, 1, three, 3, 20000), 1);
    static const int64_t ref[] = {20000, 40000}, hyp[] = {0, 30000};
    CHECK_EQ(match_strict(ref, 2, hyp, 2, 20000), 2);
}

static uint64_t distance(const char *a, const char *b)
{
    uint32_t x[16], y[16];
    uint64_t row[17];
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i < n; i++) x[i] = (uint32_t)a[i];
    for (size_t i = 0; i < m; i++) y[i] = (uint32_t)b[i];
    return levenshtein(x, n, y, m, 1, row);
}

static void levenshtein_counts_edits(void)
{
    CHECK_EQ(distance("kitten", "sitting"), 3);
    CHECK_EQ(distance("", "abc"), 3);
    CHECK_EQ(distance("abc", ""), 3);
    CHECK_EQ(distance("", ""), 0);
    CHECK_EQ(distance("abcdef", "bcdefa"), 2);
}

static void edit_distance_is_of_runs_and_leaves_empty_ones_out(void)
{
    struct unit_set clean = {.n_codebook = 1, .n_code = 6}, changed = clean;
    add_units(&clean, "s1", "555005111223355");
    add_units(&clean, "s2", "5511443335");
    add_units(&clean, "empty", "");
    add_units(&clean, "lost", "123");
    add_units(&changed, "s1", "555005112243355");
    add_units(&changed, "s2", "5511113335");
    add_units(&changed, "empty", "12");
    CHECK(unit_set_finish(&clean, &failure) && unit_set_finish(&changed, &failure));
    struct edit_distance ued;
    CHECK(edit_distance_measure(&clean, &changed, &ued, &failure));
    CHECK_EQ(ued.utterances, 2);
    NEAR(ued.ued_mean, 17.142857142857142);
    NEAR(ued.ued_pooled, 100.0 / 6);
    unit_set_clear(&changed);
    CHECK(edit_distance_measure(&clean, &changed, &ued, &failure));
    CHECK(ued.utterances == 0 && isnan(ued.ued_mean) && isnan(ued.ued_pooled));
    unit_set_clear(&clean);
}

static void tuples_of_several_codebooks_are_one_symbol(void)
{
    struct unit_set set = {.n_codebook = 2, .n_code = 4, .hop_samples = 160, .rate_hz = 16000};
    struct usage joint, second;
    char text[16];
    add_units(&set, "u", "30 01 01 31");
    CHECK(unit_set_finish(&set, &failure));
    CHECK_EQ(set.n_symbol, 3);
    static const uint32_t expected[] = {1, 0, 0, 2};
    CHECK_BITS(set.utterance[0].symbol, expected, 4);
    unit_set_symbol_text(&set, 1, text, sizeof text);
    CHECK_STR(text, "3+0");
    CHECK(usage_measure(&set, USAGE_JOINT, &joint, &failure));
    CHECK(usage_measure(&set, 1, &second, &failure));
    NEAR(joint.codes, 16);
    NEAR(joint.bitrate_nominal, 400);
    CHECK_EQ(joint.codes_used, 3);
    CHECK_EQ(joint.runs, 3);
    NEAR(second.codes, 4);
    CHECK_EQ(second.codes_used, 2);
    unit_set_clear(&set);
}

static void two_utterances_of_one_name_are_refused(void)
{
    struct unit_set set = {.n_codebook = 1};
    add_units(&set, "u", "1");
    add_units(&set, "u", "2");
    CHECK(!unit_set_finish(&set, &failure));
    CHECK_STR(failure.text, "two utterances have the name 'u'; rename one");
    unit_set_clear(&set);
}

static void a_unit_beyond_the_codes_is_refused(void)
{
    struct unit_set set = {.n_codebook = 1, .n_code = 2};
    add_units(&set, "u", "12");
    CHECK(!unit_set_finish(&set, &failure));
    CHECK_STR(failure.text, "utterance 'u' has unit 2, but there are 2 codes");
    unit_set_clear(&set);
}

int main(void)
{
    if (!scratch_begin()) return 1;
    RUN(the_worked_example_comes_out);
    RUN(one_phone_class_has_no_pnmi);
    RUN(one_unit_tells_nothing_and_costs_no_bits);
    RUN(no_frame_gives_a_count_of_zero_and_nothing_else);
    RUN(only_silence_leaves_no_speech);
    RUN(a_single_frame_has_no_conditional_entropy);
    RUN(pairs_and_runs_end_with_their_utterance);
    RUN(one_speaker_has_no_nmi);
    RUN(names_that_do_not_match_are_counted);
    RUN(an_utterance_without_inner_boundary_has_counts_only);
    RUN(no_unit_change_has_no_precision);
    RUN(touching_silences_are_one_and_equal_phones_are_two);
    RUN(a_distance_of_exactly_the_tolerance_is_a_hit);
    RUN(strict_boundaries_serve_once_lenient_ones_often);
    RUN(levenshtein_counts_edits);
    RUN(edit_distance_is_of_runs_and_leaves_empty_ones_out);
    RUN(tuples_of_several_codebooks_are_one_symbol);
    RUN(two_utterances_of_one_name_are_refused);
    RUN(a_unit_beyond_the_codes_is_refused);
    return check_done();
}
