import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import { createPageReader } from './page-reader.js';

/** How many characters are parsed between two checks of the clock. */
const SLICE = 2 * 1024;
/** How long the parser runs before it yields to other runs, in ms. */
const TURN_MS = 5;
/** Upper bound for the CPU time of one page, in ms. */
const BUDGET_MS = 2_000;
/** Pages for people never nest this deep, and the parser's time grows with depth. */
const DEEPEST = 1_000;
/** How many pieces of text are kept, because joining them is a single step. */
const MOST_PIECES = 200_000;

export interface ReadPage {
  title: string;
  text: string;
  /** Whether the whole page was read. */
  isComplete: boolean;
}

/**
 * Converts a page to readable text in Markdown. Reads a stream of tags and builds no tree: readers that build
 * one (linkedom with Readability) take minutes for some pages of 200 KB and would block all runs of the
 * process. Blocks the event loop only for a few milliseconds at a time. Rejects with the signal's reason on
 * abort.
 */
export async function readHtml(html: string, url: string, signal: AbortSignal): Promise<ReadPage> {
  const reader = createPageReader(url);
  const parser = new Parser(reader.handler, { decodeEntities: true, lowerCaseTags: true });
  const isBounded = () => reader.depth() <= DEEPEST && reader.pieces() <= MOST_PIECES;
  let spent = 0;
  let read = 0;
  let turn = performance.now();
  while (read < html.length && spent < BUDGET_MS && isBounded()) {
    parser.write(html.slice(read, read + SLICE));
    read += SLICE;
    const taken = performance.now() - turn;
    if (taken < TURN_MS) continue;
    spent += taken;
    await setImmediate(undefined, { signal });
    turn = performance.now();
  }
  signal.throwIfAborted();
  const isComplete = read >= html.length && isBounded();
  if (isComplete) parser.end(); // otherwise leave elements open: closing them takes time too
  return { ...reader.result(), isComplete };
}
