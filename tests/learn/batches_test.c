/* SPDX-License-Identifier: MIT */
/* Batches: nothing is lost or doubled, and the number of threads does not matter. */
#define _GNU_SOURCE
#include "tests/learn/learn_setup.h"

static const char *data_folder;

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

/* The clean copy is a target only where the network sees the same. */
static void masks_cover_both_copies(void)
{
    struct setup setup = {.n_thread = 1};
    struct batch batch;
    size_t n_zero = 0, n_value = 0;
    CHECK(add_source(&setup, data_folder, 1, 1) && read_speech(&setup));
    setup.examples.augmentation = augmentation_default();
    setup.examples.augmentation.noise_p = 0;
    CHECK(open_batches(&setup, (struct batches_request){.clean = true}));
    CHECK(batches_begin(setup.batches, 0, 0, &failure));
    while (batches_next(setup.batches, &batch, &failure) && batch.n_piece > 0) {
        size_t n = batch.n_step * batch.n_piece * BANDS;
        CHECK_BITS(batch.x, batch.clean, n);
        for (size_t p = 0; p < batch.n_piece; p++)
            for (size_t t = 0; t < batch.length[p]; t++)
                for (size_t d = 0; d < BANDS; d++, n_value++)
                    n_zero += batch.x[(t * batch.n_piece + p) * BANDS + d] == 0;
    }
    CHECK(n_zero > n_value / 50 && n_zero < n_value / 2);
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
    RUN(masks_cover_both_copies);
    RUN(a_share_changes_from_epoch_to_epoch);
    RUN(utterances_without_labels_are_left_out_and_counted);
    RUN(labels_of_other_utterances_are_refused);
    return check_done();
}
