import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import { createPageReader } from './page-reader.js';

/** How much is parsed before other runs of the process have their turn, in characters. */
const SLICE = 16 * 1024;
/** What one page may take of the processor, in ms. */
const BUDGET_MS = 2_000;
/** No page for people is nested this deep; the parser's time grows with the depth. */
const DEEPEST = 2_000;

export interface ReadPage {
  title: string;
  text: string;
  /** Whether all of the page was read. */
  isComplete: boolean;
}

/**
 * Turns a page into readable text, as Markdown writes it. A stream of tags is read, no tree is built: readers that build
 * one (linkedom with Readability) take minutes for some pages of 200 KB, and all runs of a process would wait.
 * Rejects with the signal's reason when that aborts.
 */
export async function readHtml(html: string, url: string, signal: AbortSignal): Promise<ReadPage> {
  const reader = createPageReader(url);
  const parser = new Parser(reader.handler, { decodeEntities: true, lowerCaseTags: true });
  let spent = 0;
  let read = 0;
  while (read < html.length && spent < BUDGET_MS && reader.depth() <= DEEPEST) {
    const started = performance.now();
    parser.write(html.slice(read, read + SLICE));
    read += SLICE;
    spent += performance.now() - started;
    await setImmediate(undefined, { signal });
  }
  const isComplete = read >= html.length && reader.depth() <= DEEPEST;
  if (isComplete) parser.end(); // else what is open stays open: closing it would take its time, too
  return { ...reader.result(), isComplete };
}
