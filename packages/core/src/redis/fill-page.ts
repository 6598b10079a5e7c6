/** How many rounds one page takes at most. */
const ROUNDS = 100;

/**
 * Reads a page of a list whose index may name things that have expired: it goes on until the page is full or
 * the list ends. Returns where the next page begins; undefined at the end.
 *
 * @param read the next places of the index after a place
 * @param load what still exists of some places, in their order
 */
export async function fillPage<Item, Place>(
  limit: number,
  after: Place | undefined,
  read: (after: Place | undefined, count: number) => Promise<Place[]>,
  load: (places: Place[]) => Promise<Item[]>,
): Promise<{ items: Item[]; next: Place | undefined }> {
  const items: Item[] = [];
  let last = after;
  for (let round = 0; round < ROUNDS && items.length < limit; round++) {
    const missing = limit - items.length;
    const places = await read(last, missing + 1);
    const page = places.slice(0, missing);
    items.push(...(await load(page)));
    if (places.length <= missing) return { items, next: undefined };
    last = page.at(-1);
  }
  return { items, next: last };
}
