import { sleep, withDeadline } from '@agenthook/async';
import { LIMITS } from '@agenthook/bounded';
import { MAX_PAYLOAD_BYTES } from '@agenthook/contracts';
import type { Refusal } from './inbound.js';

/**
 * How many large bodies of one webhook are read or wait at once. The next one is refused with a Retry-After.
 */
const PER_WEBHOOK = 200;
/** The same limit for one address, which several senders may share. */
const PER_ADDRESS = 400;
/** How long a body waits in line, in ms. */
const MAX_WAIT_MS = 20_000;
/**
 * Reading time that the bodies of a webhook may use without a pause, in ms. Covers a normal burst of events.
 */
const BURST_MS = 1_000;
/** The share of time that they may use beyond the burst. */
const SHARE = 0.25;

/** Retry-After for a body that finds no place in line, in seconds. */
const RETRY_SECONDS = 2;

export const TOO_MANY_LARGE: Refusal = {
  code: 'rate_limited',
  detail:
    `Too many bodies of more than ${LIMITS.inlineBytes / 1024} KiB, or of many parts or long numbers, came at ` +
    `once. Send this again in ${RETRY_SECONDS} s.`,
  retryAfterSeconds: RETRY_SECONDS,
};

/** How many decompressed bodies of up to 11 MiB a process holds at once. */
const FILES_AT_ONCE = 6;

/** A large body's place in line. */
interface Place {
  /** Frees the place. `spentMs` is the time spent reading the body. */
  leave(spentMs: number): void;
}

/** A decompressed body, which keeps its place in line until its event is stored or refused. */
export interface HeldBody {
  /** Adds to the time spent reading the body, in ms. */
  spend(ms: number): void;
  leave(): void;
}

/** Makes the large bodies of a webhook wait for each other. */
export interface LargeBodies {
  /** Waits for a body's turn; undefined if too many bodies wait or the wait takes too long. */
  enter(webhook: string, address: string | undefined): Promise<Place | undefined>;
  /** The same for a body that is decompressed, to at most `limit` bytes, and held. */
  hold(webhook: string, address: string | undefined, limit: number): Promise<HeldBody | undefined>;
}

/** The line of one webhook's large bodies. */
interface Line {
  bodies: number;
  /** Resolves once the last of them was read and its pause is over. */
  last: Promise<void>;
  /** Reading time left of the burst, in ms, as of `at` (performance.now()). */
  leftMs: number;
  at: number;
}

/**
 * Large bodies are expensive to read and to store. A sender of many large bodies waits for its own, and does
 * not delay others. State is in memory, per process.
 */
export function createLargeBodies(): LargeBodies {
  const lines = new Map<string, Line>();
  const addresses = new Map<string, number>();
  let files = 0;

  const count = (address: string, by: 1 | -1) => {
    const bodies = (addresses.get(address) ?? 0) + by;
    if (bodies > 0) addresses.set(address, bodies);
    else addresses.delete(address);
  };

  const enter: LargeBodies['enter'] = async (webhook, address) => {
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
    /** Lets the next body in, after a pause if this webhook has used up its share. */
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
  };

  return {
    enter,
    hold: async (webhook, address, limit) => {
      const place = await enter(webhook, address);
      const isFile = limit > MAX_PAYLOAD_BYTES;
      if (isFile && files >= FILES_AT_ONCE) place?.leave(0);
      if (!place || (isFile && files >= FILES_AT_ONCE)) return undefined;
      if (isFile) files += 1;
      let spentMs = 0;
      return {
        spend: (ms) => {
          spentMs += ms;
        },
        leave: () => {
          if (isFile) files -= 1;
          place.leave(spentMs);
        },
      };
    },
  };
}

/**
 * Subtracts a body's reading time from the webhook's allowance. Returns how long the next body waits, in ms.
 */
function pauseAfter(line: Line, spentMs: number): number {
  const now = performance.now();
  line.leftMs = Math.min(BURST_MS, line.leftMs + (now - line.at) * SHARE) - spentMs;
  line.at = now;
  return line.leftMs >= 0 ? 0 : -line.leftMs / SHARE;
}

/** After a long pause a webhook has its full burst again, so its state can be deleted. */
async function forgetLater(lines: Map<string, Line>, webhook: string, line: Line): Promise<void> {
  const { at } = line;
  await sleep(BURST_MS / SHARE, { background: true });
  if (line.bodies === 0 && line.at === at) lines.delete(webhook);
}
