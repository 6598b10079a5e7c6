import { setImmediate } from 'node:timers/promises';
import { Parser } from 'htmlparser2';
import { createPageReader } from './page-reader.js';

/** How much is parsed at once, in characters; the clock is looked at in between. */
const SLICE = 2 * 1024;
/** How long is parsed before other runs of the process have their turn, in ms. */
const TURN_MS = 5;
/** What one page may take of the processor, in ms. */
const BUDGET_MS = 2_000;
/** No page for people is nested this deep; the parser's time grows with the depth. */
const DEEPEST = 1_000;
/** How many pieces of text are kept; putting them together is one step. */
const MOST_PIECES = 200_000;

export interface ReadPage {
  title: string;
  text: string;
  /** Whether all of the page was read. */
  isComplete: boolean;
}

/**
 * Turns a page into readable text, as Markdown writes it. A stream of tags is read, no tree is built: readers that build
 * one (linkedom with Readability) take minutes for some pages of 200 KB, and all runs of a process would wait. It holds
 * the event loop for some milliseconds at a time. Rejects with the signal's reason when that aborts.
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
  if (isComplete) parser.end(); // else what is open stays open: closing it would take its time, too
  return { ...reader.result(), isComplete };
}
