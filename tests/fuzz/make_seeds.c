/* SPDX-License-Identifier: MIT */
/* Writes the first inputs of the model fuzzer: make_seeds FOLDER. They are in tests/fuzz/corpus.
   Run it again when the file format changes. */
#include "src/model/layout.h"
#include "tests/model/labels.h"
#include "tests/model/raw_file.h"
#include "tests/stream/recipes.h"

#include "voq.h"

static const char *folder;

static void save(const char *name, const void *bytes, size_t n)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, n, file) != n || fclose(file) != 0) abort();
}

static void save_model(const char *name, const voq_parts *parts)
{
    voq_model *model;
    const void *bytes;
    size_t n;
    if (voq_model_make(parts, NULL, &model, NULL) != VOQ_OK) abort();
    voq_model_bytes(model, &bytes, &n);
    save(name, bytes, n);
    voq_model_close(model);
}

static void save_recipe(const char *name, struct recipe r, uint32_t n_codebook, uint32_t n_code)
{
    struct ingredients in;
    r.n_codebook = n_codebook;
    r.n_code = n_code;
    ingredients_fill(&in, &r);
    save_model(name, &in.parts);
    ingredients_free(&in);
}

static void save_vectors_only(void)
{
    struct ingredients in;
    struct recipe r = small_recipe();
    ingredients_fill(&in, &r);
    in.parts.frontend = NULL;
    in.parts.n_code = 33;
    save_model("vectors", &in.parts);
    in.parts.name = in.parts.provenance = NULL;
    in.parts.n_code = in.parts.dim = 1;
    save_model("least", &in.parts);
    ingredients_free(&in);
}

/* Vectors that run through a chain, which needs all of them. */
static void save_vectors_chain(void)
{
    struct ingredients in;
    struct recipe r = with_stack(1, 2, 3);
    r.normalise = VOQ_NORMALISE_UTTERANCE_MEAN;
    r.n_codebook = 2;
    r.n_code = 4;
    ingredients_fill(&in, &r);
    in.parts.frontend = NULL;
    save_model("vectors-chain", &in.parts);
    ingredients_free(&in);
}

/* Learned encoders with labels, for audio and for vectors. */
static void save_encoders(void)
{
    struct ingredients in;
    struct recipe r = small_recipe();
    r.n_code = sizeof some_label / sizeof *some_label;
    memcpy(r.layer, (const struct layer_shape[]){conv_shape(3, 3, 2, 1, 2), gru_shape(2),
                                                 latent_shape(2)},
           3 * sizeof *r.layer);
    ingredients_fill(&in, &r);
    in.parts.label = some_label;
    in.parts.label_probability = some_probability;
    save_model("encoder", &in.parts);
    in.parts.frontend = NULL;
    save_model("encoder-vectors", &in.parts);
    ingredients_free(&in);
    r.layer[0] = latent_shape(1);
    r.layer[1] = (struct layer_shape){0};
    save_recipe("encoder-latent", r, 2, 1);
}

/* Models of a newer voq: an unknown choice, and a section that has grown at its end. */
static void save_newer(const char *name, size_t section, size_t word, uint32_t value)
{
    voq_model *model;
    const void *bytes;
    size_t n;
    struct recipe r = with_everything();
    r.n_codebook = r.n_code = 1;
    model = model_of(&r);
    voq_model_bytes(model, &bytes, &n);
    struct raw_file raw = raw_read(bytes);
    struct raw_section *s = &raw.section[section];
    if (4 * word + 4 > s->n) s->bytes = realloc(s->bytes, s->n = 4 * word + 4);
    raw_put(s->bytes + 4 * word, value, 4);
    unsigned char *newer = raw_write(&raw, &n);
    save(name, newer, n);
    free(newer);
    raw_free(&raw);
    voq_model_close(model);
}

/* A model with an unknown section, optional or required; the fuzz target puts its sums right. */
static void save_unknown_section(void)
{
    struct ingredients in;
    struct recipe r = small_recipe();
    voq_model *model;
    const void *bytes;
    size_t n;
    r.n_code = 1;
    ingredients_fill(&in, &r);
    if (voq_model_make(&in.parts, NULL, &model, NULL) != VOQ_OK) abort();
    voq_model_bytes(model, &bytes, &n);
    unsigned char *copy = malloc(n);
    memcpy(copy, bytes, n);
    unsigned char *last = copy + HEADER_SIZE + (copy[12] - 1) * ENTRY_SIZE;
    memcpy(last, "XTRA", 4);
    save("unknown-optional", copy, n);
    last[4] = SECTION_REQUIRED;
    save("unknown-required", copy, n);
    copy[8] = LAYOUT_VERSION + 1;
    save("newer", copy, n);
    save("cut", bytes, n / 2);
    free(copy);
    voq_model_close(model);
    ingredients_free(&in);
}

int main(int argc, char **argv)
{
    if (argc != 2) return 2;
    folder = argv[1];
    save_recipe("mfcc", small_recipe(), 1, 3);
    save_recipe("features-only", small_recipe(), 0, 0);
    save_recipe("residual", small_recipe(), 4, 2);
    save_recipe("everything", with_everything(), 2, 2);
    save_recipe("stack", with_stack(2, 1, 0), 1, 1);
    save_recipe("affine", with_stack(1, 0, 3), 1, 2);
    save_recipe("running-mean", with_normalise(VOQ_NORMALISE_RUNNING_MEAN), 1, 1);
    save_recipe("running-scaled", with_normalise(VOQ_NORMALISE_RUNNING_SCALED), 1, 1);
    save_recipe("global", with_normalise(VOQ_NORMALISE_GLOBAL), 1, 1);
    save_recipe("utterance-mean", with_normalise(VOQ_NORMALISE_UTTERANCE_MEAN), 1, 1);
    save_recipe("librosa", from_profile("librosa", VOQ_GRID_REFLECT), 1, 1);
    save_recipe("fbank", linear_magnitudes(), 1, 1);
    save_recipe("sparse", sized(VOQ_GRID_MIRROR, 33, 101, 36), 1, 1);
    save_recipe("tiny", tiny_windows(), 1, 2);
    save_vectors_only();
    save_vectors_chain();
    save_encoders();
    save_unknown_section();
    save_newer("newer-window", 0, 5, 9);
    save_newer("newer-kind", 1, 0, 5);
    save_newer("newer-matrix", 2, 4, 2);
    save_newer("newer-longer", 0, 30, 1);
    save("empty", "", 0);
    return 0;
}
