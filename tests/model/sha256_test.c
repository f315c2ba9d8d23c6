/* SPDX-License-Identifier: MIT */
/* If this fails, the hash of a model or of a corpus depends on the computer. */
#include "src/model/sha256.h"
#include "tests/support/check.h"
#include "tests/support/random.h"

enum { MOST = 400 };

static void hash(sha256_blocks *blocks, const void *bytes, size_t n, size_t piece, char text[65])
{
    struct sha256 sha;
    unsigned char digest[32];
    const unsigned char *p = bytes;
    voq_sha256_begin(&sha);
    if (blocks) sha.blocks = blocks;
    for (size_t i = 0; i < n; i += piece)
        voq_sha256_add(&sha, p + i, n - i < piece ? n - i : piece);
    voq_sha256_end(&sha, digest);
    for (size_t i = 0; i < 32; i++) snprintf(text + 2 * i, 3, "%02x", digest[i]);
}

static void known_texts_have_their_published_hashes(void)
{
    static const char *const known[][2] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"}};
    for (size_t i = 0; i < 3; i++) {
        char text[65];
        hash(NULL, known[i][0], strlen(known[i][0]), 64, text);
        CHECK_STR(text, known[i][1]);
        hash(voq_sha256_plain, known[i][0], strlen(known[i][0]), 64, text);
        CHECK_STR(text, known[i][1]);
    }
}

static void the_hash_depends_neither_on_the_cpu_nor_on_the_pieces(void)
{
    unsigned char bytes[MOST];
    uint64_t seed = 1;
    for (size_t i = 0; i < MOST; i++) bytes[i] = (unsigned char)random_u64(&seed);
    for (size_t n = 0; n <= MOST; n++) {
        char plain[65], text[65];
        hash(voq_sha256_plain, bytes, n, n + 1, plain);
        for (size_t piece = 1; piece <= MOST; piece += 1 + piece / 3) {
            hash(NULL, bytes, n, piece, text);
            CHECK_STR(text, plain);
        }
    }
}

int main(void)
{
    RUN(known_texts_have_their_published_hashes);
    RUN(the_hash_depends_neither_on_the_cpu_nor_on_the_pieces);
    return check_done();
}
