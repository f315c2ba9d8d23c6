/* SPDX-License-Identifier: MIT */
/* What a network learns from must be what it sees when it runs, but for the changes asked for. */
#define _GNU_SOURCE
#include "tests/learn/learn_setup.h"

static const char *data_folder;

/* Finds a row among the frames of a recording. */
static bool is_row_of(const float *row, const float *frame, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (memcmp(row, frame + i * BANDS, BANDS * sizeof *row) == 0) return true;
    return false;
}

/* What a network learns from must be what it sees when it runs. */
static void unchanged_features_are_those_of_the_model(void)
{
    enum { MOST = 300000 };
    static float x[MOST], frame[MOST / HOP * BANDS], v[MOST / HOP * BANDS];
    struct setup setup = {.n_thread = 2};
    voq_model *model;
    CHECK(add_source(&setup, data_folder, 1, 1) && read_speech(&setup));
    CHECK(open_batches(&setup, (struct batches_request){.batch_frames = 1000}));
    voq_parts parts = {.struct_size = sizeof parts, .frontend = &setup.frontend,
                       .normalise = &setup.normalise, .name = "features"};
    CHECK(voq_model_make(&parts, NULL, &model, NULL) == VOQ_OK);
    struct example_scratch scratch_memory = {0};
    for (size_t i = 0; i < setup.recordings.n; i++) {
        size_t n = setup.recordings.recording[i].n, n_frame;
        CHECK(n <= MOST && recording_get(&setup.recordings, i, x, &failure));
        voq_output output = {.struct_size = sizeof output, .feature = frame,
                             .capacity = MOST / HOP};
        CHECK(voq_encode(model, NULL, x, n, &output, &n_frame, NULL) == VOQ_OK);
        struct example_place place = {.v = v};
        CHECK_EQ(example_count(&setup.examples, 0, i), n_frame);
        CHECK(example_make(&setup.examples, &scratch_memory, 0, i, &place, &failure));
        CHECK_BITS(v, frame, n_frame * BANDS);
    }
    struct batch batch;
    size_t last = setup.recordings.n - 1, n_found = 0;
    CHECK(batches_begin(setup.batches, 0, 0, &failure));
    while (batches_next(setup.batches, &batch, &failure) && batch.n_piece > 0)
        for (size_t p = 0; p < batch.n_piece; p++)
            n_found += is_row_of(batch.x + p * BANDS, frame,
                                 setup.recordings.recording[last].n / HOP);
    CHECK(n_found > 0); /* pieces begin with frames of the recording, not with a new mean */
    example_scratch_clear(&scratch_memory);
    voq_model_close(model);
    close_all(&setup);
}

/* Alignments stand early; audio that begins later puts features and labels in step. */
static void features_come_later_than_labels_as_asked(void)
{
    enum { SHIFT = 96 };
    static float x[300000], frame[2000 * BANDS], v[2000 * BANDS];
    struct setup setup = {.n_thread = 1};
    struct example_scratch memory = {0};
    CHECK(add_source(&setup, data_folder, 1, 1) && read_speech(&setup));
    setup.examples.shift_samples = SHIFT;
    CHECK(open_batches(&setup, (struct batches_request){0}));
    size_t n = setup.recordings.recording[0].n;
    size_t n_frame = feature_chain_count(&setup.chain, n - SHIFT);
    struct example_place place = {.v = v};
    CHECK(n < 300000 && recording_get(&setup.recordings, 0, x, &failure));
    CHECK(feature_chain_frames(&setup.chain, x + SHIFT, n - SHIFT, frame, &failure));
    CHECK(example_make(&setup.examples, &memory, 0, 0, &place, &failure));
    CHECK(feature_chain_normalise(&setup.chain, frame, n_frame, x, &failure));
    CHECK_BITS(v, x, n_frame * BANDS);
    example_scratch_clear(&memory);
    close_all(&setup);
}

/* Units 0, 1, 2 ... of 10 ms: the label states which part of the original a frame is. */
static void labels_of_changed_speech_are_stretched(void)
{
    static char text[10000] = "long|";
    static float v[2000 * BANDS];
    static int32_t label[2000], *const places[] = {label};
    struct setup setup = {.n_thread = 1};
    struct label_head *head;
    const struct label_head_options options = {.cache_folder = scratch(".")};
    struct example_scratch memory = {0};
    bool slower = false, faster = false;
    for (int i = 0; i < 1000; i++) sprintf(text + strlen(text), i ? " %d" : "%d", i);
    mkdir(scratch("short"), 0700);
    write_wave("short/long.wav", 160000);
    CHECK(add_source(&setup, scratch("short"), 1, 1) && read_speech(&setup));
    CHECK(label_head_read(&head, scratch_text("short.gslm", text), &options, &failure));
    setup.examples.head = &head;
    setup.examples.n_head = 1;
    setup.examples.augmentation = (struct augmentation){.speed_p = 1, .speed_percent = 10};
    CHECK(open_batches(&setup, (struct batches_request){0}));
    for (uint32_t epoch = 0; epoch < 12; epoch++) {
        struct example_place place = {.v = v, .label = places};
        size_t n = example_count(&setup.examples, epoch, 0);
        bool is_slower = n > 1000;
        int step = is_slower ? 9 : 11;
        CHECK_EQ(n, is_slower ? 1111 : 909);
        CHECK(example_make(&setup.examples, &memory, epoch, 0, &place, &failure));
        for (size_t i = 0; i < n; i++) CHECK_EQ(label[i], (2 * (int)i + 1) * step / 20);
        slower |= is_slower;
        faster |= !is_slower;
    }
    CHECK(slower && faster);
    example_scratch_clear(&memory);
    label_head_free(head);
    close_all(&setup);
}

/* An alignment stands early by as much as the audio loses; units of another tokenizer do not. With
   two frames per unit, frame 2 u + 1 has the label at the middle of unit u. */
static void labels_of_units_are_where_their_audio_is(void)
{
    enum { SHIFT = 96 };
    static char text[10000] = "long|";
    static float v[2000 * BANDS];
    static int32_t phone[2000], unit[2000], *const places[] = {phone, unit};
    struct label_head *head[2];
    const struct label_head_options options = {.cache_folder = scratch("."),
                                               .units.facts.hop_samples = 16};
    for (int i = 0; i < 1200; i++) sprintf(text + strlen(text), i ? " %d" : "%d", i);
    mkdir(scratch("early"), 0700);
    write_wave("early/long.wav", 16000);
    const char *phones = scratch_text("long.ctm", "long 1 0 .502 A\nlong 1 .502 .498 B\n");
    CHECK(label_head_read(&head[0], phones, &options, &failure));
    CHECK(label_head_read(&head[1], scratch_text("long.gslm", text), &options, &failure));
    for (uint32_t stride = 1; stride <= 3; stride++) {
        struct setup setup = {.n_thread = 1};
        struct example_scratch memory = {0};
        CHECK(add_source(&setup, scratch("early"), 1, 1) && read_speech(&setup));
        setup.examples.head = head;
        setup.examples.n_head = 2;
        setup.examples.shift_samples = SHIFT;
        setup.examples.stride = stride;
        CHECK(open_batches(&setup, (struct batches_request){0}));
        struct example_place place = {.v = v, .label = places};
        size_t n = example_count(&setup.examples, 0, 0);
        CHECK(example_make(&setup.examples, &memory, 0, 0, &place, &failure));
        for (size_t u = 0; frame_of_unit(u, stride) < n; u++) {
            size_t i = frame_of_unit(u, stride), middle = (2 * u + 1) * stride * HOP / 2;
            CHECK_EQ(phone[i], middle >= 502 * 16);
            CHECK_EQ(unit[i], (middle + SHIFT) / 16);
        }
        example_scratch_clear(&memory);
        close_all(&setup);
    }
    label_head_free(head[0]);
    label_head_free(head[1]);
}

static void the_clean_copy_has_neither_noise_nor_room(void)
{
    struct setup setup = {.n_thread = 1};
    struct recordings noise;
    struct example_scratch memory = {0};
    static float wet[200000], clean[200000], alone[200000];
    CHECK(add_source(&setup, data_folder, 1, 1) && read_speech(&setup));
    noise = setup.recordings;
    setup.examples.noise = &noise;
    setup.examples.augmentation = augmentation_default();
    setup.examples.augmentation.noise_p = setup.examples.augmentation.room_p = 1;
    CHECK(open_batches(&setup, (struct batches_request){0}));
    struct example_place both = {.v = wet, .clean = clean}, one = {.v = alone};
    size_t n = example_count(&setup.examples, 2, 1) * BANDS;
    CHECK(n <= 200000 && example_make(&setup.examples, &memory, 2, 1, &both, &failure));
    setup.examples.augmentation.noise_p = setup.examples.augmentation.room_p = 0;
    CHECK(example_make(&setup.examples, &memory, 2, 1, &one, &failure));
    CHECK_BITS(clean, alone, n);
    CHECK(memcmp(wet, clean, n * sizeof *wet) != 0);
    example_scratch_clear(&memory);
    close_all(&setup);
}

/* Memory has a bound, so a lecture is read in parts. */
static void a_long_recording_becomes_parts_with_the_labels_of_their_times(void)
{
    enum { N = RECORDING_VALUES + 50000 };
    static char labels[200000] = "long|";
    struct setup setup = {.n_thread = 2};
    struct label_head *head;
    const struct label_head_options options = {.cache_folder = scratch(".")};
    size_t at = strlen(labels);
    for (int i = 0; i < N / HOP; i++) at += (size_t)sprintf(labels + at, i ? " %d" : "%d", i);
    mkdir(scratch("lecture"), 0700);
    write_wave("lecture/long.wav", N);
    CHECK(add_source(&setup, scratch("lecture"), 1, 1) && read_speech(&setup));
    CHECK_EQ(setup.recordings.n, 2);
    const struct recording *part = setup.recordings.recording;
    CHECK(part[0].first == 0 && part[1].first == part[0].n && part[0].n + part[1].n == N);
    CHECK_EQ(part[1].first % HOP, 0);
    CHECK(label_head_read(&head, scratch_text("lecture.gslm", labels), &options, &failure));
    setup.examples.head = &head;
    setup.examples.n_head = 1;
    CHECK(open_batches(&setup, (struct batches_request){0}));
    struct example_scratch memory = {0};
    static float v[RECORDING_VALUES / HOP * BANDS];
    static int32_t label[RECORDING_VALUES / HOP + 1], *const place_of_label[] = {label};
    struct example_place place = {.v = v, .label = place_of_label};
    CHECK(example_make(&setup.examples, &memory, 0, 1, &place, &failure));
    for (size_t i = 0; i < 200; i++) CHECK_EQ(label[i], (int)(part[1].first / HOP + i));
    example_scratch_clear(&memory);
    label_head_free(head);
    close_all(&setup);
}

static void files_that_fail_are_reported_and_the_others_kept(void)
{
    struct setup setup = {.n_thread = 2};
    mkdir(scratch("mixed"), 0700);
    write_wave("mixed/a.wav", 20000);
    scratch_text("mixed/b.wav", "no audio");
    write_wave("mixed/c.wav", 20000);
    CHECK(truncate(scratch("mixed/c.wav"), 20044) == 0);
    CHECK(add_source(&setup, scratch("mixed"), 1, 1) && read_speech(&setup));
    CHECK_EQ(setup.n_done, 3);
    CHECK_EQ(setup.n_failed, 2);
    CHECK_EQ(setup.recordings.n, 2); /* c up to where it was cut */
    CHECK_EQ(setup.recordings.recording[1].n, 10000);
    close_all(&setup);
}

static void the_digest_is_that_of_the_content(void)
{
    char digest[3][65];
    for (int k = 0; k < 3; k++) {
        struct setup setup = {.n_thread = k == 0 ? 1 : 3};
        write_wave("mixed/c.wav", k < 2 ? 20000 : 20001);
        CHECK(add_source(&setup, scratch("mixed"), 1, 1) && read_speech(&setup));
        memcpy(digest[k], setup.recordings.digest, sizeof digest[k]);
        close_all(&setup);
    }
    CHECK_STR(digest[0], digest[1]);
    CHECK(strcmp(digest[0], digest[2]) != 0);
}

static void statistics_are_those_of_all_frames(void)
{
    struct setup setup = {.n_thread = 3};
    float mean[2], deviation[2], mean_alone[2], deviation_alone[2];
    double sum[2] = {0}, square[2] = {0}, n = 0;
    CHECK(add_source(&setup, scratch("numbered"), 1, 1) && read_vectors(&setup, 2));
    CHECK(feature_statistics(&setup.recordings, &setup.chain, 3, mean, deviation, &failure));
    CHECK(feature_statistics(&setup.recordings, &setup.chain, 1, mean_alone, deviation_alone,
                             &failure));
    CHECK_BITS(mean, mean_alone, 2);
    CHECK_BITS(deviation, deviation_alone, 2);
    for (size_t s = 0; s < SEQUENCES; s++)
        for (size_t i = 0; i < length_of(s); i++, n++) {
            const double x[2] = {(double)s + 1, (double)i};
            for (int d = 0; d < 2; d++) sum[d] += x[d], square[d] += x[d] * x[d];
        }
    for (int d = 0; d < 2; d++) {
        double middle = sum[d] / n;
        CHECK(mean[d] == (float)middle);
        CHECK(fabs((double)deviation[d] - sqrt(square[d] / n - middle * middle)) < 1e-4);
    }
    close_all(&setup);
}

int main(int argc, char **argv)
{
    static char path[4096];
    if (argc != 2 || !scratch_begin()) return 1;
    snprintf(path, sizeof path, "%s/tests/data", argv[1]);
    data_folder = path;
    write_numbered();
    RUN(unchanged_features_are_those_of_the_model);
    RUN(features_come_later_than_labels_as_asked);
    RUN(labels_of_changed_speech_are_stretched);
    RUN(labels_of_units_are_where_their_audio_is);
    RUN(the_clean_copy_has_neither_noise_nor_room);
    RUN(a_long_recording_becomes_parts_with_the_labels_of_their_times);
    RUN(files_that_fail_are_reported_and_the_others_kept);
    RUN(the_digest_is_that_of_the_content);
    RUN(statistics_are_those_of_all_frames);
    return check_done();
}
