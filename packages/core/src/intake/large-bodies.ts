import { sleep, withDeadline } from '@agenthook/async';

/** How many large bodies of one webhook are read or wait to be: the next one is told to come again. */
const PER_WEBHOOK = 200;
/** How many of one address. Several senders may share one. */
const PER_ADDRESS = 400;
/** How long a body waits for those before it, in ms. */
const MAX_WAIT_MS = 20_000;
/** Reading time, in ms, that the bodies of a webhook may take without a pause; a burst of events needs no more. */
const BURST_MS = 1_000;
/** The part of the time that they may take beyond that. */
const SHARE = 0.25;

/** The place of one large body in line. */
interface Place {
  /** Frees the place. `spentMs` is what reading the body took. */
  leave(spentMs: number): void;
}

/** Makes the large bodies of a webhook wait for each other. */
export interface LargeBodies {
  /** Waits for the turn of a body; undefined where too many wait already, or where that takes too long. */
  enter(webhook: string, address: string | undefined): Promise<Place | undefined>;
}

/** The large bodies of one webhook. */
interface Line {
  bodies: number;
  /** Resolves when the last of them has been read, and a pause is over. */
  last: Promise<void>;
  /** Reading time that is left of the burst, in ms, at a time of performance.now(). */
  leftMs: number;
  at: number;
}

/**
 * Large bodies are dear to read and to store: whoever sends many of them at once waits for their own, and does not take
 * the time of others. In memory, per process.
 */
export function createLargeBodies(): LargeBodies {
  const lines = new Map<string, Line>();
  const addresses = new Map<string, number>();

  const count = (address: string, by: 1 | -1) => {
    const bodies = (addresses.get(address) ?? 0) + by;
    if (bodies > 0) addresses.set(address, bodies);
    else addresses.delete(address);
  };

  return {
    enter: async (webhook, address) => {
      const line = lines.get(webhook) ?? {
        bodies: 0,
        last: Promise.resolve(),
        leftMs: BURST_MS,
        at: performance.now(),
      };
      const fromAddress = address === undefined ? 0 : (addresses.get(address) ?? 0);
      if (line.bodies >= PER_WEBHOOK || fromAddress >= PER_ADDRESS) return undefined;
      lines.set(webhook, line);
      line.bodies += 1;
      if (address !== undefined) count(address, 1);
      const { promise, resolve } = Promise.withResolvers<void>();
      const before = line.last;
      line.last = promise;
      /** Lets the next one go, after a pause where this webhook has had its share. */
      const leave = async (spentMs: number) => {
        if (address !== undefined) count(address, -1);
        await sleep(pauseAfter(line, spentMs), { background: true });
        resolve();
        line.bodies -= 1;
        if (line.bodies === 0) await forgetLater(lines, webhook, line);
      };
      const isMyTurn = await withDeadline(
        before.then(() => true),
        MAX_WAIT_MS,
        false,
      );
      if (isMyTurn) return { leave: (spentMs) => void leave(spentMs) };
      void before.then(() => leave(0));
      return undefined;
    },
  };
}

/** Takes the time that a body took from what is left to its webhook. Returns how long the next one waits, in ms. */
function pauseAfter(line: Line, spentMs: number): number {
  const now = performance.now();
  line.leftMs = Math.min(BURST_MS, line.leftMs + (now - line.at) * SHARE) - spentMs;
  line.at = now;
  return line.leftMs >= 0 ? 0 : -line.leftMs / SHARE;
}

/** A webhook that sends none for long has its burst again, so there is nothing to remember of it. */
async function forgetLater(lines: Map<string, Line>, webhook: string, line: Line): Promise<void> {
  const { at } = line;
  await sleep(BURST_MS / SHARE, { background: true });
  if (line.bodies === 0 && line.at === at) lines.delete(webhook);
}
