import type { Pass } from './condition.js';

/** About how many members of a set or a hash one look reads. */
export const SCANNED = 500;

/** The next part of a collection that may be large. Each look of this process reads another one. */
export async function scanNext(
  { places }: Pass,
  name: string,
  scan: (cursor: string) => Promise<[next: string, members: string[]]>,
): Promise<string[]> {
  const [next, members] = await scan(places.get(name) ?? '0');
  places.set(name, next);
  return members;
}
