import { setImmediate as otherWork } from 'node:timers/promises';

/** How long long work may go on before others have their turn, in ms. */
const SLICE_MS = 4;

/** Makes a function that long work calls now and then: it waits for a turn of the event loop where one is due. */
export function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return otherWork().then(() => {
      since = performance.now();
    });
  };
}

/** Work between two looks at the clock. */
const CHUNK = 1_000;

/** Sorts texts by their UTF-16 units, as `sort` does, in steps that let other work through. Each text is there once. */
export async function sortInSteps(texts: readonly string[]): Promise<string[]> {
  const pause = pauses();
  let runs: string[][] = [];
  for (let from = 0; from < texts.length; from += CHUNK) {
    runs.push(texts.slice(from, from + CHUNK).sort());
    await pause();
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let n = 0; n < runs.length; n += 2)
      merged.push(await merge(runs[n] ?? [], runs[n + 1] ?? [], pause));
    runs = merged;
  }
  return runs[0] ?? [];
}

async function merge(a: string[], b: string[], pause: ReturnType<typeof pauses>): Promise<string[]> {
  const merged: string[] = [];
  let nextB = 0;
  for (const [n, text] of a.entries()) {
    for (let other = b[nextB]; other !== undefined && other < text; other = b[++nextB]) merged.push(other);
    merged.push(text);
    if (n % CHUNK === 0) await pause();
  }
  for (; nextB < b.length; nextB++) merged.push(b[nextB] as string);
  return merged;
}
