import { fileURLToPath } from 'node:url';
import { type ChildLimits, runChild } from '@agenthook/bounded';
import { atOnce } from '@agenthook/core';

export type PdfOutcome =
  | { outcome: 'text'; text: string }
  | { outcome: 'encrypted' | 'broken' | 'too_many_pages' | 'too_slow' | 'too_large' };

export interface PdfLimits extends Pick<ChildLimits, 'memoryMb' | 'cpuSeconds' | 'clockMs'> {
  maxPages: number;
  /** Reading stops where the text passes this; then it is one character longer. */
  maxCharacters: number;
  /** How many files are read at the same time; others wait. */
  children: number;
}

const CHILD = fileURLToPath(new URL('./pdf-child.mjs', import.meta.url));
/** What a character may take in JSON, in bytes: six where it is escaped. */
const JSON_BYTES = 6;

/**
 * Makes a reader of PDFs, which gives their text, page by page. Each file is read in a process of its own that the kernel
 * ends where it takes too much: a file of some kilobytes may hold gigabytes. `signal` ends all of them; the reader then
 * rejects with its reason. It never rejects for what is in a file.
 */
export function createPdfReader(
  { maxPages, maxCharacters, children, ...limits }: PdfLimits,
  signal?: AbortSignal,
): (bytes: Uint8Array) => Promise<PdfOutcome> {
  const oneOfFew = atOnce(children);
  const args = [JSON.stringify({ maxPages, maxCharacters })];
  const childLimits = { ...limits, outputBytes: maxCharacters * JSON_BYTES + 1024 };
  return async (bytes) => {
    const read = await oneOfFew(() => runChild(CHILD, args, bytes, childLimits, signal), signal);
    if (read.outcome === 'done') return JSON.parse(read.output.toString()) as PdfOutcome;
    return { outcome: read.outcome === 'failed' ? 'broken' : read.outcome };
  };
}
