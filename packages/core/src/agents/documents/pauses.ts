import { setImmediate as otherWork } from 'node:timers/promises';

/** How long to work before other work runs, in ms. */
const SLICE_MS = 4;

/** Makes a function that long-running work calls often. It yields to the event loop when a pause is due. */
export function pauses(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return otherWork().then(() => {
      since = performance.now();
    });
  };
}

/** Items processed between two checks of the clock. */
const CHUNK = 1_000;

/** Sorts unique texts by UTF-16 units, like `sort`, in steps that let other work run. */
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
