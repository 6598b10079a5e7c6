import { fileURLToPath } from 'node:url';
import { createPdfReader } from '@agenthook/core';

/** The program that reads one PDF, beside this one in the bundle. */
const CHILD = fileURLToPath(new URL('./pdf-child.mjs', import.meta.url));
/** Limits for one PDF, and how many are read at once. The text is longer than any model is told. */
const LIMITS = {
  memoryMb: 512,
  cpuSeconds: 20,
  clockMs: 60_000,
  maxPages: 500,
  maxCharacters: 300_000,
  children: 2,
};

/** Returns a function that reads the text of a PDF; undefined if it has none that can be read. */
export function createPdfText(): (bytes: Uint8Array) => Promise<string | undefined> {
  const read = createPdfReader(CHILD, LIMITS);
  return async (bytes) => {
    const outcome = await read(bytes);
    return outcome.outcome === 'text' ? outcome.text : undefined;
  };
}
