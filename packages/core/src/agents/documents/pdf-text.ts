import { type ChildLimits, runChild } from '@agenthook/bounded';
import { atOnce } from '../../at-once.js';

export type PdfOutcome =
  | { outcome: 'text'; text: string }
  | { outcome: 'encrypted' | 'broken' | 'too_many_pages' | 'too_slow' | 'too_large' };

export interface PdfLimits extends Pick<ChildLimits, 'memoryMb' | 'cpuSeconds' | 'clockMs'> {
  maxPages: number;
  /** Reading stops once the text is longer than this. The result is then one character longer. */
  maxCharacters: number;
  /** How many files are read at once; others wait. */
  children: number;
}

/** The bytes that one character may need in JSON: six if it is escaped. */
const JSON_BYTES = 6;

/**
 * Creates a reader that returns the text of PDFs, page by page. Each file is read in its own process, which
 * the kernel ends if it exceeds a limit, because a file of a few kilobytes may expand to gigabytes. `signal`
 * ends all processes; the reader then rejects with its reason. It never rejects because of a file's content.
 *
 * @param child the program that reads one file
 */
export function createPdfReader(
  child: string,
  { maxPages, maxCharacters, children, ...limits }: PdfLimits,
  signal?: AbortSignal,
): (bytes: Uint8Array) => Promise<PdfOutcome> {
  const oneOfFew = atOnce(children);
  const args = [JSON.stringify({ maxPages, maxCharacters })];
  const childLimits = { ...limits, outputBytes: maxCharacters * JSON_BYTES + 1024 };
  return async (bytes) => {
    const read = await oneOfFew(() => runChild(child, args, bytes, childLimits, signal), signal);
    if (read.outcome === 'done') return JSON.parse(read.output.toString()) as PdfOutcome;
    return { outcome: read.outcome === 'failed' ? 'broken' : read.outcome };
  };
}
