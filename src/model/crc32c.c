/* SPDX-License-Identifier: MIT */
#include "src/model/crc32c.h"

#include "src/kernel/hash_kernel.h"

/* Remainders of the 16 half-bytes by the reflected polynomial 0x82f63b78. */
static const uint32_t remainder_of[16] = {
    0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
    0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};

enum { STEP = 8, WORTH_A_TABLE = 8192 };

static uint32_t add_byte(uint32_t crc, uint32_t byte)
{
    crc ^= byte;
    crc = crc >> 4 ^ remainder_of[crc & 15];
    return crc >> 4 ^ remainder_of[crc & 15];
}

/* table[i][b] is the remainder of byte b with i zero bytes behind it. */
static void make_table(uint32_t table[STEP][256])
{
    for (uint32_t b = 0; b < 256; b++) table[0][b] = add_byte(0, b);
    for (size_t i = 1; i < STEP; i++)
        for (size_t b = 0; b < 256; b++)
            table[i][b] = table[i - 1][b] >> 8 ^ table[0][table[i - 1][b] & 255];
}

/* Eight bytes at a time; n is a multiple of eight. */
static uint32_t add_steps(uint32_t crc, const unsigned char *p, size_t n)
{
    uint32_t table[STEP][256];
    make_table(table);
    for (size_t i = 0; i < n; i += STEP, p += STEP) {
        crc ^= p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
        crc = table[7][crc & 255] ^ table[6][crc >> 8 & 255] ^ table[5][crc >> 16 & 255] ^
              table[4][crc >> 24] ^ table[3][p[4]] ^ table[2][p[5]] ^ table[1][p[6]] ^
              table[0][p[7]];
    }
    return crc;
}

uint32_t voq_crc32c(uint32_t crc, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    size_t n_step = n < WORTH_A_TABLE ? 0 : n / STEP * STEP;
    crc = ~crc;
    if (n_step) {
        crc32c_steps *instructions = voq_crc32c_kernel();
        crc = (instructions ? instructions : add_steps)(crc, p, n_step);
    }
    for (size_t i = n_step; i < n; i++) crc = add_byte(crc, p[i]);
    return ~crc;
}
