/* What kernels of attention by tiles share: where a block's rows are, and what dropout does.
 *
 * "tiles" has five numbers for each block row: the sequence's first token, its length, the tile's
 * first row in it, and (low, high) the first element of one head's dropout. */

#define BK_SIDE 64 /* rows of a tile */

typedef struct {
  int head, start, length, first, rows; /* rows of this tile, 1 to 64 */
  bk_u64 base;                          /* of the sequence in the dropout stream */
} bk_tile;

BK_FN bk_tile bk_tile_of(BK_GLOBAL const int* tiles, int heads) {
  BK_GLOBAL const int* e = tiles + BK_X / heads * 5;
  bk_tile t;
  t.head = BK_X % heads;
  t.start = e[0];
  t.length = e[1];
  t.first = e[2];
  t.rows = t.length - t.first < BK_SIDE ? t.length - t.first : BK_SIDE;
  t.base = (bk_u64)heads * ((bk_u64)(bk_u32)e[3] | (bk_u64)(bk_u32)e[4] << 32);
  return t;
}

/* Place of (token number in the sequence, head, 0). */
BK_FN int bk_place(bk_tile t, bk_view v, int token) {
  return v.offset + (t.start + token) * v.s0 + t.head * v.s1;
}

/* Words for the four keys from key on, a multiple of 4, of one query. */
BK_FN bk_words bk_drawn(bk_tile t, int query, int key, bk_u64 rng) {
  bk_u64 padded = (bk_u64)((t.length + 3) / 4 * 4);
  bk_u64 row = (bk_u64)t.head * (bk_u64)t.length + (bk_u64)query;
  return bk_philox((t.base + row * padded + (bk_u64)key) >> 2, rng);
}

/* What multiplies a probability. */
BK_FN float bk_kept(bk_words w, int lane, bk_u32 threshold, float grow) {
  return bk_word(w, lane) < threshold ? 0.0f : grow;
}
