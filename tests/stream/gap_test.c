/* SPDX-License-Identifier: MIT */
/* If this fails, time is wrong after samples were lost, or lost samples are invented. */
#include "tests/support/check.h"
#include "tests/support/asked.h"
#include "tests/stream/collected.h"
#include "tests/stream/recipes.h"
#include "tests/stream/reference.h"

enum { N_SAMPLE = 4000, MAX_DIM = 130 };

static float speech[N_SAMPLE];

/* What happens to a stream: a push of n samples, or a gap of n. */
struct event {
    bool is_gap;
    size_t n;
};

struct timeline {
    size_t n_frame;
    uint64_t index[N_SAMPLE + 8]; /* of each frame */
    float *feature;
};

/* By the definition: runs between gaps stand alone, each begins at the next multiple of hop, the
   mean goes on. Event samples come from `speech`, in order. */
static struct timeline expected_of(const struct recipe *r, const struct event *event,
                                   size_t n_event)
{
    struct timeline t = {0, {0}, malloc((N_SAMPLE + 8) * MAX_DIM * 4)};
    struct ingredients in;
    ingredients_fill(&in, r);
    struct memory memory = memory_new(&in.normalise);
    uint64_t position = 0, hop = unit_hop_of(r), run_start = 0;
    float *run = malloc(N_SAMPLE * 4);
    size_t n_run = 0, taken = 0;
    for (size_t e = 0; e <= n_event; e++) {
        bool is_end = e == n_event || (event[e].is_gap && event[e].n);
        if (!is_end) {
            for (size_t i = 0; i < event[e].n && !event[e].is_gap; i++, position++, taken++)
                if (position >= run_start) run[n_run++] = speech[taken];
            continue;
        }
        struct frames f = reference_run(&in, &memory, run, n_run);
        memcpy(t.feature + t.n_frame * f.dim, f.x, f.n * f.dim * 4);
        for (size_t i = 0; i < f.n; i++) t.index[t.n_frame++] = run_start / hop + i;
        free(f.x);
        n_run = 0;
        if (e < n_event) position += event[e].n;
        run_start = (position + hop - 1) / hop * hop;
    }
    free(run);
    memory_free(&memory);
    ingredients_free(&in);
    return t;
}

static bool give(struct timeline *t, voq_stream *f, size_t dim, const struct event *event,
                 const float *x)
{
    size_t due, given = 77;
    float *out = t->feature + t->n_frame * dim;
    uint64_t position = voq_stream_position(f);
    if (!event)
        due = voq_finish_units(f);
    else if (event->is_gap)
        due = event->n ? voq_finish_units(f) : 0;
    else
        due = voq_max_units(f, event->n);
    voq_status status;
    if (due) { /* too little room: nothing happens */
        status = !event          ? voq_finish(f, FEATURES(out, due - 1), &given)
                 : event->is_gap ? voq_gap(f, event->n, FEATURES(out, due - 1), &given)
                                 : voq_push(f, x, event->n, FEATURES(out, due - 1), &given);
        if (status != VOQ_ERROR_CAPACITY || given != due) return false;
    }
    status = !event          ? voq_finish(f, FEATURES(out, due), &given)
             : event->is_gap ? voq_gap(f, event->n, FEATURES(out, due), &given)
                             : voq_push(f, x, event->n, FEATURES(out, due), &given);
    if (status != VOQ_OK || given != due) {
        printf("# status %d, %zu given, %zu due\n", (int)status, given, due);
        return false;
    }
    for (size_t i = 0; i < given; i++) t->index[t->n_frame++] = position + i;
    return true;
}

static bool plays_out(const struct recipe *r, uint32_t block, const struct event *event,
                      size_t n_event)
{
    voq_model *model = model_of(r);
    voq_options options = {.struct_size = sizeof options, .block = block};
    size_t dim = info_of(model).dim, taken = 0;
    voq_stream *f;
    if (voq_stream_new(model, &options, &f) != VOQ_OK) return false;
    struct timeline got = {0, {0}, malloc((N_SAMPLE + 8) * MAX_DIM * 4)};
    struct timeline expected = expected_of(r, event, n_event);
    bool same = true;
    for (size_t e = 0; e < n_event && same; e++) {
        same = give(&got, f, dim, &event[e], speech + taken);
        if (!event[e].is_gap) taken += event[e].n;
    }
    same = same && give(&got, f, dim, NULL, NULL) && got.n_frame == expected.n_frame &&
           memcmp(got.index, expected.index, got.n_frame * sizeof *got.index) == 0 &&
           check_bits(__FILE__, __LINE__, "features", got.feature, expected.feature,
                      got.n_frame * dim);
    if (!same) {
        printf("# block %u, %zu frames, expected %zu, events:", (unsigned)block, got.n_frame,
               expected.n_frame);
        for (size_t e = 0; e < n_event; e++)
            printf(" %s %zu", event[e].is_gap ? "gap" : "push", event[e].n);
        printf("\n");
    }
    free(got.feature);
    free(expected.feature);
    voq_stream_free(f);
    voq_model_close(model);
    return same;
}

static void a_gap_at_every_kind_of_place_keeps_time(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        size_t hop = unit_hop_of(&r), window = r.frontend.window_samples;
        size_t before[] = {0, 1, hop / 2, hop - 1, hop, hop + 1, window, 3 * hop + hop / 2};
        size_t lost[] = {1, hop - (hop > 1), hop, hop + 1, 10 * hop, 10 * hop + 3};
        for (size_t b = 0; b < 8; b++)
            for (size_t l = 0; l < 6; l++) {
                size_t after = (b * 7 + l) % 3 == 0 ? 0 : (b + l) * 61;
                if (before[b] + after > N_SAMPLE) continue;
                struct event events[] = {{false, before[b]}, {true, lost[l]}, {false, after}};
                if (!plays_out(&r, b % 2 ? 16 : 1, events, 3)) printf("# recipe %zu\n", i);
                CHECK(!check_state.failed);
            }
    }
}

static void two_gaps_in_a_row_are_one(void)
{
    for (size_t i = 0; i < N_RECIPE; i++) {
        struct recipe r = recipe_number(i);
        struct event events[] = {{false, 700}, {true, 31}, {true, 50}, {false, 801}};
        CHECK(plays_out(&r, 1, events, 4));
    }
}

static void a_gap_may_come_while_samples_are_still_dropped(void)
{
    struct recipe r = small_recipe();
    struct event events[] = {{false, 100}, {true, 1},  {false, 5},  {true, 9},
                             {false, 3},   {true, 64}, {false, 700}};
    CHECK(plays_out(&r, 1, events, 7));
}

static void a_gap_of_nothing_is_nothing(void)
{
    struct recipe r = with_everything();
    struct event events[] = {{true, 0}, {false, 777}, {true, 0}, {false, 333}, {true, 0}};
    CHECK(plays_out(&r, 8, events, 5));
}

static void gaps_at_random_keep_time(void)
{
    uint64_t seed = 17;
    for (size_t round = 0; round < 400; round++) {
        struct recipe r = recipe_number(round % N_RECIPE);
        struct event events[12];
        size_t n_event = 1 + random_below(&seed, 12), left = N_SAMPLE;
        for (size_t e = 0; e < n_event; e++) {
            bool is_gap = random_below(&seed, 3) == 0;
            size_t n = random_below(&seed, is_gap ? 600 : 900);
            if (!is_gap && n > left) n = left;
            if (!is_gap) left -= n;
            events[e] = (struct event){is_gap, n};
        }
        if (!plays_out(&r, round % 3 ? 1 : 64, events, n_event))
            printf("# recipe %zu\n", round % N_RECIPE);
        CHECK(!check_state.failed);
    }
}

static void position_is_time_after_a_gap(void)
{
    struct recipe r = small_recipe(); /* hop 32 */
    voq_model *model = model_of(&r);
    voq_stream *s;
    CHECK_EQ(voq_stream_new(model, NULL, &s), VOQ_OK);
    uint32_t id[64];
    size_t n;
    CHECK_EQ(voq_push(s, speech, 100, UNITS(id, NULL, 64), &n), VOQ_OK);
    CHECK_EQ(voq_gap(s, 1000000000000, UNITS(id, NULL, 64), &n), VOQ_OK);
    CHECK_EQ(voq_stream_position(s), (1000000000100 + 31) / 32);
    CHECK_EQ(voq_push(s, speech, 300, UNITS(id, NULL, 64), &n), VOQ_OK);
    CHECK_EQ(voq_stream_position(s), (1000000000100 + 31) / 32 + n);
    CHECK_EQ(voq_gap(s, UINT64_MAX, UNITS(id, NULL, 64), &n),
             VOQ_ERROR_ARGUMENT); /* past all time */
    CHECK_EQ(voq_push(s, speech, 300, UNITS(id, NULL, 64), &n), VOQ_OK);
    voq_reset(s);
    CHECK_EQ(voq_stream_position(s), 0);
    voq_stream_free(s);
    voq_model_close(model);
}

int main(void)
{
    static int16_t x[N_SAMPLE];
    random_speech(5, x, N_SAMPLE);
    floats_of(x, N_SAMPLE, speech);
    RUN(a_gap_at_every_kind_of_place_keeps_time);
    RUN(two_gaps_in_a_row_are_one);
    RUN(a_gap_may_come_while_samples_are_still_dropped);
    RUN(a_gap_of_nothing_is_nothing);
    RUN(gaps_at_random_keep_time);
    RUN(position_is_time_after_a_gap);
    return check_done();
}
