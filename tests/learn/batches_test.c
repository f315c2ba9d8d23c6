/* SPDX-License-Identifier: MIT */
/* From files to batches: nothing is lost, doubled, or changed where no change was asked for, and the
   number of threads does not matter. */
#define _GNU_SOURCE
#include "tests/support/check.h"
#include "tests/support/scratch.h"
#include "tools/base/rng.h"
#include "tools/learn/batches.h"
#include "tools/learn/feature_statistics.h"

#include <math.h>

enum { RATE = 16000, HOP = 160, BANDS = 40, MOST_SOURCES = 2 };

static struct failure failure;
static const char *data_folder;

/* Everything from a corpus to batches, with one thread unless a test says otherwise. */
struct setup {
    struct corpus *corpus[MOST_SOURCES];
    struct source source[MOST_SOURCES];
    size_t n_source;
    struct recordings recordings;
    struct feature_chain chain;
    voq_frontend frontend;
    float mean[BANDS], scale[BANDS];
    voq_normalise normalise;
    struct examples examples;
    struct batches *batches;
    size_t n_thread, n_failed, n_done;
};

static bool count_end(void *context, const struct recordings_end *end, struct failure *why)
{
    (void)why;
    struct setup *setup = context;
    setup->n_done++;
    setup->n_failed += end->trouble != NULL;
    return true;
}

static bool add_source(struct setup *setup, const char *path, double share, float weight)
{
    const struct corpus_options options = {
        .allow_equal_names = true, .suffixes = strcmp(path, scratch("numbered")) == 0
                                                   ? CORPUS_SUFFIXES_VECTORS
                                                   : CORPUS_SUFFIXES_AUDIO};
    struct corpus **corpus = &setup->corpus[setup->n_source];
    if (!corpus_open(corpus, &path, 1, &options, &failure)) return false;
    setup->source[setup->n_source++] = (struct source){*corpus, share, weight};
    return true;
}

static bool read_speech(struct setup *setup)
{
    const struct recordings_request request = {
        .source = setup->source, .n_source = setup->n_source, .rate_hz = RATE, .hop_samples = HOP,
        .dim = 1, .n_thread = setup->n_thread, .cache_folder = scratch("."), .done = count_end,
        .context = setup};
    if (voq_frontend_profile("kaldi-fbank", &setup->frontend) != VOQ_OK) return false;
    setup->frontend.grid = VOQ_GRID_MIRROR;
    setup->frontend.n_mel = BANDS;
    if (!feature_chain_open(&setup->chain, &setup->frontend, 0, VOQ_CPU_AUTO, &failure) ||
        !recordings_read(&setup->recordings, &request, &failure) ||
        !feature_statistics(&setup->recordings, &setup->chain, setup->n_thread, setup->mean,
                            setup->scale, &failure))
        return false;
    setup->normalise = (voq_normalise){.struct_size = sizeof setup->normalise,
                                       .kind = VOQ_NORMALISE_RUNNING_MEAN, .dim = BANDS, .n0 = 50,
                                       .n_max = 400, .mean = setup->mean};
    return feature_chain_set_normalise(&setup->chain, &setup->normalise, &failure);
}

static bool read_vectors(struct setup *setup, uint32_t dim)
{
    const struct recordings_request request = {
        .source = setup->source, .n_source = setup->n_source, .hop_samples = 1, .dim = dim,
        .n_thread = setup->n_thread, .cache_folder = scratch("."), .done = count_end,
        .context = setup};
    return feature_chain_open(&setup->chain, NULL, dim, VOQ_CPU_AUTO, &failure) &&
           recordings_read(&setup->recordings, &request, &failure);
}

/* Fields of *request that are 0 are filled in. */
static bool open_batches(struct setup *setup, struct batches_request request)
{
    setup->examples.recordings = &setup->recordings;
    setup->examples.chain = &setup->chain;
    setup->examples.seed = 1;
    request.examples = &setup->examples;
    request.n_thread = setup->n_thread;
    return examples_prepare(&setup->examples, &failure) &&
           batches_new(&setup->batches, &request, &failure);
}

static void close_all(struct setup *setup)
{
    batches_free(setup->batches);
    examples_clear(&setup->examples);
    recordings_clear(&setup->recordings);
    feature_chain_close(&setup->chain);
    for (size_t i = 0; i < setup->n_source; i++) corpus_close(setup->corpus[i]);
}

static void write_npy(const char *name, const float *x, size_t n, size_t dim)
{
    char header[129] = "\x93NUMPY\x01";
    header[8] = 118;
    memset(header + 10, ' ', 117);
    int length = sprintf(header + 10, "{'descr': '<f4', 'fortran_order': False, 'shape': (%zu, %zu)}",
                         n, dim);
    header[10 + length] = ' ';
    header[127] = '\n';
    FILE *file = fopen(scratch(name), "wb");
    if (!file || fwrite(header, 1, 128, file) != 128 ||
        fwrite(x, sizeof *x, n * dim, file) != n * dim || fclose(file) != 0)
        abort();
}

/* Vectors (sequence, row) in files of many lengths; labels that state the row. */
enum { SEQUENCES = 23 };
static size_t length_of(size_t s)
{
    return s == 5 ? 0 : 1 + s * s * 7 % 1000;
}

static void write_numbered(void)
{
    static float x[2000];
    static char labels[400000];
    size_t at = 0;
    mkdir(scratch("numbered"), 0700);
    for (size_t s = 0; s < SEQUENCES; s++) {
        char name[32];
        at += (size_t)sprintf(labels + at, "s%02zu|", s);
        for (size_t i = 0; i < length_of(s); i++) {
            x[2 * i] = (float)(s + 1);
            x[2 * i + 1] = (float)i;
            at += (size_t)sprintf(labels + at, i ? " %zu" : "%zu", i);
        }
        at += (size_t)sprintf(labels + at, "\n");
        snprintf(name, sizeof name, "numbered/s%02zu.npy", s);
        write_npy(name, x, length_of(s), 2);
    }
    scratch_text("numbered.gslm", labels);
}

static void check_numbered(struct batches_request request, size_t stride)
{
    static int seen[SEQUENCES + 1][1000];
    struct setup setup = {.n_thread = 2};
    struct label_head *head;
    const struct label_head_options options = {.cache_folder = scratch(".")};
    memset(seen, 0, sizeof seen);
    CHECK(add_source(&setup, scratch("numbered"), 1, .5f));
    CHECK(read_vectors(&setup, 2));
    CHECK(label_head_read(&head, scratch("numbered.gslm"), &options, &failure));
    setup.examples.head = &head;
    setup.examples.n_head = 1;
    CHECK(open_batches(&setup, request));
    CHECK(batches_begin(setup.batches, 3, 0, &failure));
    struct batch batch;
    size_t n_batch = 0, n_expected;
    while (batches_next(setup.batches, &batch, &failure) && batch.n_piece > 0) {
        n_batch++;
        CHECK_EQ(batch.n_step % stride, 0);
        for (size_t p = 0; p < batch.n_piece; p++) {
            CHECK(batch.weight[p] == .5f && batch.length[p] <= batch.n_step);
            for (size_t t = 0; t < batch.n_step; t++) {
                const float *x = batch.x + (t * batch.n_piece + p) * 2;
                int32_t label = batch.label[0][t * batch.n_piece + p];
                if (t >= batch.length[p]) {
                    CHECK(x[0] == 0 && x[1] == 0 && label == -1);
                    continue;
                }
                CHECK(x[0] >= 1 && x[0] <= SEQUENCES && label == (int)x[1]);
                CHECK(t > 0 || (size_t)x[1] % stride == 0);
                seen[(int)x[0]][(int)x[1]]++;
            }
        }
    }
    CHECK(batches_count(setup.batches, 3, &n_expected, &failure));
    CHECK_EQ(n_batch, n_expected);
    for (size_t s = 0; s < SEQUENCES; s++)
        for (size_t i = 0; i < 1000; i++) CHECK_EQ(seen[s + 1][i], i < length_of(s));
    label_head_free(head);
    close_all(&setup);
}

static void pieces_cover_every_frame_once(void)
{
    check_numbered((struct batches_request){.batch_frames = 700, .piece_frames = 90}, 1);
    check_numbered((struct batches_request){.batch_frames = 700, .piece_frames = 90,
                                            .shard_frames = 2500}, 1);
    check_numbered((struct batches_request){.stride = 4, .shard_frames = 1}, 4);
    check_numbered((struct batches_request){.batch_frames = 1, .piece_frames = 1}, 1);
    check_numbered((struct batches_request){0}, 1);
}

/* Rows of one file, one after another, would teach a network of single vectors that file. */
static void single_vectors_are_mixed(void)
{
    struct setup setup = {.n_thread = 1};
    struct batch batch;
    bool seen[SEQUENCES + 1] = {false};
    size_t n_seen = 0;
    CHECK(add_source(&setup, scratch("numbered"), 1, 1));
    CHECK(read_vectors(&setup, 2));
    CHECK(open_batches(&setup, (struct batches_request){.batch_frames = 500, .piece_frames = 1}));
    CHECK(batches_begin(setup.batches, 0, 0, &failure));
    CHECK(batches_next(setup.batches, &batch, &failure));
    CHECK_EQ(batch.n_step, 1);
    CHECK(batch.n_piece > 400 && batch.n_piece < 600);
    for (size_t p = 0; p < batch.n_piece; p++) {
        int s = (int)batch.x[2 * p];
        n_seen += !seen[s];
        seen[s] = true;
    }
    CHECK(n_seen > 15);
    close_all(&setup);
}

static uint64_t hash(const void *bytes, size_t n, uint64_t before)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < n; i++) before = (before ^ byte[i]) * 1099511628211u;
    return before;
}

/* The hash of an epoch of changed speech, from batch `first` on. */
static bool hash_epoch(size_t n_thread, uint32_t epoch, size_t first, uint64_t *value, size_t *n)
{
    struct setup setup = {.n_thread = n_thread};
    struct batch batch = {.n_piece = 1};
    struct recordings noise;
    *value = *n = 0;
    if (!add_source(&setup, data_folder, 1, 1) || !read_speech(&setup)) return false;
    noise = setup.recordings;
    setup.examples.noise = &noise;
    setup.examples.shift_samples = 96;
    setup.examples.augmentation = augmentation_default();
    setup.examples.augmentation.noise_p = setup.examples.augmentation.room_p = .5;
    setup.examples.augmentation.gain_db = 6;
    bool good = open_batches(&setup, (struct batches_request){
                                         .batch_frames = 200, .piece_frames = 100,
                                         .shard_frames = 600, .clean = true}) &&
                batches_begin(setup.batches, epoch, first, &failure);
    while (good && (good = batches_next(setup.batches, &batch, &failure)) && batch.n_piece > 0) {
        size_t n_row = batch.n_step * batch.n_piece;
        ++*n;
        *value = hash(batch.x, n_row * BANDS * sizeof(float), *value);
        *value = hash(batch.clean, n_row * BANDS * sizeof(float), *value);
        *value = hash(batch.length, batch.n_piece * sizeof(uint32_t), *value);
    }
    close_all(&setup);
    return good;
}

static void threads_do_not_matter(void)
{
    uint64_t one, three;
    size_t n_one, n_three;
    CHECK(hash_epoch(1, 1, 0, &one, &n_one));
    CHECK(hash_epoch(3, 1, 0, &three, &n_three));
    CHECK(n_one > 4 && n_one == n_three && one == three);
    CHECK(hash_epoch(3, 2, 0, &three, &n_three));
    CHECK(one != three);
}

/* Training that was interrupted continues in the middle of an epoch. */
static void an_epoch_can_begin_at_any_batch(void)
{
    struct setup all = {.n_thread = 1}, rest = {.n_thread = 1};
    struct batch a, b;
    CHECK(add_source(&all, data_folder, 1, 1) && read_speech(&all));
    CHECK(add_source(&rest, data_folder, 1, 1) && read_speech(&rest));
    const struct batches_request request = {.batch_frames = 200, .piece_frames = 100,
                                            .shard_frames = 600};
    CHECK(open_batches(&all, request) && open_batches(&rest, request));
    CHECK(batches_begin(all.batches, 4, 0, &failure));
    CHECK(batches_begin(rest.batches, 4, 5, &failure));
    for (int i = 0; i < 5; i++) CHECK(batches_next(all.batches, &a, &failure) && a.n_piece > 0);
    for (size_t i = 0; i == 0 || a.n_piece > 0; i++) {
        CHECK(batches_next(all.batches, &a, &failure));
        CHECK(batches_next(rest.batches, &b, &failure));
        CHECK(a.n_piece == b.n_piece && a.n_step == b.n_step);
        if (a.n_piece > 0) CHECK_BITS(a.x, b.x, a.n_step * a.n_piece * BANDS);
    }
    close_all(&all);
    close_all(&rest);
}

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

static void a_share_changes_from_epoch_to_epoch(void)
{
    struct setup setup = {.n_thread = 1};
    int n_seen[SEQUENCES + 1] = {0};
    struct batch batch;
    CHECK(add_source(&setup, scratch("numbered"), 1 / 3., 1) && read_vectors(&setup, 2));
    CHECK(open_batches(&setup, (struct batches_request){.piece_frames = 1000}));
    for (uint32_t epoch = 0; epoch < 30; epoch++) {
        size_t n = 0;
        CHECK(batches_begin(setup.batches, epoch, 0, &failure));
        while (batches_next(setup.batches, &batch, &failure) && batch.n_piece > 0)
            for (size_t p = 0; p < batch.n_piece; p++, n++) n_seen[(int)batch.x[2 * p]]++;
        CHECK_EQ(n, 7); /* a third of 22; the empty file is none */
    }
    for (int s = 1; s <= SEQUENCES; s++) CHECK(s == 6 ? n_seen[s] == 0 : n_seen[s] > 2);
    close_all(&setup);
}

static void utterances_without_labels_are_left_out_and_counted(void)
{
    struct setup setup = {.n_thread = 1};
    struct label_head *head;
    const struct label_head_options options = {.cache_folder = scratch(".")};
    struct batch batch;
    int n_row = 0;
    CHECK(add_source(&setup, scratch("numbered"), 1, 1) && read_vectors(&setup, 2));
    CHECK(label_head_read(&head, scratch_text("two.gslm", "s03|1 2 3\ns09|4\n"), &options,
                          &failure));
    setup.examples.head = &head;
    setup.examples.n_head = 1;
    CHECK(open_batches(&setup, (struct batches_request){0}));
    CHECK_EQ(examples_n_unlabelled(&setup.examples), SEQUENCES - 1 - 2);
    CHECK(batches_begin(setup.batches, 0, 0, &failure));
    while (batches_next(setup.batches, &batch, &failure) && batch.n_piece > 0)
        for (size_t p = 0; p < batch.n_piece; p++) n_row += (int)batch.length[p];
    CHECK_EQ(n_row, length_of(3) + length_of(9));
    label_head_free(head);
    close_all(&setup);
}

static void labels_of_other_utterances_are_refused(void)
{
    static const char *const text[] = {"x|1\n", "1 2 3\n4\n"};
    static const char *const name[] = {"other.gslm", "other.km"}, *const why[] = {"s00", "22"};
    for (int k = 0; k < 2; k++) {
        struct setup setup = {.n_thread = 1};
        struct label_head *head;
        const struct label_head_options options = {.cache_folder = scratch(".")};
        CHECK(add_source(&setup, scratch("numbered"), 1, 1) && read_vectors(&setup, 2));
        CHECK(label_head_read(&head, scratch_text(name[k], text[k]), &options, &failure));
        setup.examples.head = &head;
        setup.examples.n_head = 1;
        CHECK(!open_batches(&setup, (struct batches_request){0}));
        CHECK(failure.code == EXIT_INPUT && (k == 1 || strstr(failure.text, why[k])));
        label_head_free(head);
        close_all(&setup);
    }
}

static void write_wave(const char *name, size_t n)
{
    unsigned char header[44] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0"
                               "\x10\0data";
    FILE *file = fopen(scratch(name), "wb");
    for (int i = 0; i < 4; i++) {
        header[4 + i] = (unsigned char)((36 + 2 * n) >> (8 * i));
        header[40 + i] = (unsigned char)((2 * n) >> (8 * i));
    }
    if (!file || fwrite(header, 1, 44, file) != 44) abort();
    for (size_t i = 0; i < n; i++) {
        int16_t sample = (int16_t)(i * 7919 % 2000);
        if (fwrite(&sample, 2, 1, file) != 1) abort();
    }
    if (fclose(file) != 0) abort();
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

static void statistics_are_those_of_all_frames(void)
{
    struct setup setup = {.n_thread = 3};
    float mean[2], deviation[2];
    double sum[2] = {0}, square[2] = {0}, n = 0;
    CHECK(add_source(&setup, scratch("numbered"), 1, 1) && read_vectors(&setup, 2));
    CHECK(feature_statistics(&setup.recordings, &setup.chain, 3, mean, deviation, &failure));
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
    RUN(pieces_cover_every_frame_once);
    RUN(single_vectors_are_mixed);
    RUN(threads_do_not_matter);
    RUN(an_epoch_can_begin_at_any_batch);
    RUN(unchanged_features_are_those_of_the_model);
    RUN(the_clean_copy_has_neither_noise_nor_room);
    RUN(a_share_changes_from_epoch_to_epoch);
    RUN(utterances_without_labels_are_left_out_and_counted);
    RUN(labels_of_other_utterances_are_refused);
    RUN(a_long_recording_becomes_parts_with_the_labels_of_their_times);
    RUN(files_that_fail_are_reported_and_the_others_kept);
    RUN(statistics_are_those_of_all_frames);
    return check_done();
}
