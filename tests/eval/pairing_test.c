/* SPDX-License-Identifier: MIT */
#include "tests/support/check.h"
#include "tools/eval/item.h"
#include "tools/eval/pairing.h"

static struct failure failure;

/* One utterance of ids with labels 0, 1, 2 ... in the order of the intervals. */
static bool pair_ids(struct pairing pairing, uint32_t hop, const uint32_t *id, size_t n,
                     struct phone_interval *interval, size_t n_interval, struct paired *paired)
{
    uint32_t ids[16];
    memcpy(ids, id, n * sizeof *id);
    const struct unit_utterance units = {.n_frame = n, .id = ids, .symbol = ids};
    const struct aligned_utterance phones = {.interval = interval, .n_interval = n_interval};
    *paired = (struct paired){0};
    return pairing_check(&pairing, hop, 16000, &failure) &&
           pair_utterance(&pairing, &units, hop, 16000, &phones, paired, &failure);
}

static void a_boundary_on_a_centre_gives_the_frame_to_the_later_phone(void)
{
    /* 20 ms hops, labels on a 10 ms grid: every centre lies on the grid. */
    struct phone_interval interval[] = {{0, 30000, 0}, {30000, 70000, 1}};
    const uint32_t id[] = {1, 2, 2};
    struct paired paired;
    CHECK(pair_ids((struct pairing){0}, 320, id, 3, interval, 2, &paired));
    CHECK_EQ(paired.n, 3);
    CHECK_EQ(paired.label[0], 0);
    CHECK_EQ(paired.label[1], 1);
    CHECK_EQ(paired.label[2], 1);
    paired_clear(&paired);
}

static void huberts_pairing_repeats_and_cuts(void)
{
    struct phone_interval interval[] = {{0, 30000, 0}, {30000, 70000, 1}};
    const uint32_t id[] = {1, 2, 2, 3};
    struct paired paired;
    CHECK(pair_ids((struct pairing){.grid_us = 10000}, 320, id, 4, interval, 2, &paired));
    CHECK_EQ(paired.n, 7);
    CHECK_EQ(paired.trimmed_frames, 1);
    CHECK_EQ(paired.unit[1], 1);
    CHECK_EQ(paired.unit[2], 2);
    CHECK_EQ(paired.unit[6], 3);
    CHECK_EQ(paired.label[2], 0);
    CHECK_EQ(paired.label[3], 1);
    paired_clear(&paired);
}

static void padding_repeats_the_first_and_last_unit_before_that(void)
{
    struct phone_interval interval[] = {{0, 200000, 0}};
    const uint32_t id[] = {1, 2, 3};
    static const uint32_t expected[] = {1, 1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3, 3};
    struct paired paired;
    CHECK(pair_ids((struct pairing){10000, 2, 2}, 320, id, 3, interval, 1, &paired));
    CHECK_EQ(paired.n, 14);
    CHECK_BITS(paired.unit, expected, 14);
    CHECK_EQ(paired.trimmed_frames, 6);
    paired_clear(&paired);
}

static void a_grid_that_does_not_divide_the_hop_is_refused(void)
{
    struct pairing pairing = {.grid_us = 10000};
    CHECK(!pairing_check(&pairing, 400, 16000, &failure));
    CHECK_EQ(failure.code, EXIT_USAGE);
    pairing.upsample = 2;
    CHECK(pairing_check(&pairing, 400, 16000, &failure));
}

static void frames_in_no_interval_are_dropped_and_counted(void)
{
    struct phone_interval interval[] = {{0, 10000, 0}, {30000, 40000, 1}};
    const uint32_t id[] = {4, 5, 6, 7, 8};
    struct paired paired;
    CHECK(pair_ids((struct pairing){0}, 160, id, 5, interval, 2, &paired));
    CHECK_EQ(paired.n, 2);
    CHECK_EQ(paired.unlabelled_frames, 3);
    CHECK_EQ(paired.unit[1], 7);
    paired_clear(&paired);
}

static void where_phones_overlap_the_later_start_wins(void)
{
    struct phone_interval interval[] = {{0, 40000, 0}, {20000, 30000, 1}};
    const struct aligned_utterance phones = {.interval = interval, .n_interval = 2};
    static const uint32_t expected[] = {0, 0, 1, 0, NO_LABEL};
    uint32_t label[5];
    label_frames(&phones, 160, 16000, label, 5);
    CHECK_BITS(label, expected, 5);
}

static void very_long_times_do_not_overflow(void)
{
    CHECK_EQ(frame_from_time(999999999000000, 160, 16000), 99999999900);
    CHECK_EQ(frame_from_time(999999999000000, 1, 16000000), 15999999984000000);
    CHECK_EQ(frame_from_time(-1000000, 160, 16000), -100);
    CHECK_EQ(frame_from_time(5000, 160, 16000), 0);
    CHECK_EQ(frame_from_time(5001, 160, 16000), 1);
    CHECK_EQ(frame_after_time(5000, 160, 16000), 1);
    CHECK_EQ(frame_after_time(4999, 160, 16000), 0);
}

static void a_slice_includes_the_frame_centred_on_its_offset(void)
{
    const struct item item = {.onset_us = 5000, .offset_us = 25000};
    size_t first, end;
    item_frames(&item, 160, 16000, 100, &first, &end);
    CHECK_EQ(first, 0);
    CHECK_EQ(end, 3);
    item_frames(&item, 160, 16000, 2, &first, &end);
    CHECK_EQ(end, 2);
    item_frames(&item, 160, 16000, 0, &first, &end);
    CHECK_EQ(end - first, 0);
}

static void a_token_between_two_centres_has_no_frame(void)
{
    const struct item item = {.onset_us = 6000, .offset_us = 14000};
    size_t first, end;
    item_frames(&item, 160, 16000, 100, &first, &end);
    CHECK_EQ(end - first, 0);
}

int main(void)
{
    RUN(a_boundary_on_a_centre_gives_the_frame_to_the_later_phone);
    RUN(huberts_pairing_repeats_and_cuts);
    RUN(padding_repeats_the_first_and_last_unit_before_that);
    RUN(a_grid_that_does_not_divide_the_hop_is_refused);
    RUN(frames_in_no_interval_are_dropped_and_counted);
    RUN(where_phones_overlap_the_later_start_wins);
    RUN(very_long_times_do_not_overflow);
    RUN(a_slice_includes_the_frame_centred_on_its_offset);
    RUN(a_token_between_two_centres_has_no_frame);
    return check_done();
}
