import { LRUCache } from 'lru-cache';

/** How many requests to a webhook may be refused at once per network, and per second in the long run. */
const BURST = 200;
const PER_SECOND = 5;
/** How long further requests get no answer but 429 then, in ms. Short, because some of them may be good. */
const CLOSED_MS = 1_000;
/** How many pairs of webhook and network are remembered. Those refused longest ago are forgotten first. */
const MAX_SENDERS = 10_000;

export const CLOSED_SECONDS = CLOSED_MS / 1000;

/** The agent that refused, and the scheme of its signature. */
interface Refuser {
  agentId: string;
  scheme?: string | undefined;
}

interface Sender {
  refuser: Refuser | undefined;
  /** How many more requests may be refused, as of `atMs`. */
  left: number;
  atMs: number;
  closedUntilMs: number;
  /** Requests that were turned away and are not counted yet. */
  uncounted: number;
}

/**
 * Limits refused requests per webhook and network, for this process, in bounded memory. What is turned away
 * costs neither Redis nor a signature check, so it does not slow down others.
 */
export interface RefusalLimit {
  /** Whether `isClosed` may be true for any sender. */
  isAnyClosed(): boolean;
  /** Whether to turn a request away unread. */
  isClosed(sender: string): boolean;
  /** A request was refused. */
  add(sender: string, refuser?: Refuser): void;
  /** How many requests were turned away since the last call, once for each agent. */
  takeCounts(): (Refuser & { count: number })[];
}

/** @param now a monotonic clock, in ms */
export function createRefusalLimit(now: () => number): RefusalLimit {
  const senders = new LRUCache<string, Sender>({ max: MAX_SENDERS });
  const turnedAway = new Set<Sender>();
  let closedUntilMs = 0;
  return {
    isAnyClosed: () => closedUntilMs > now(),
    isClosed: (key) => {
      const sender = senders.peek(key);
      if (sender === undefined || sender.closedUntilMs <= now()) return false;
      sender.uncounted++;
      turnedAway.add(sender);
      return true;
    },
    add: (key, refuser) => {
      const ms = now();
      const sender = senders.get(key) ?? { refuser, left: BURST, atMs: ms, closedUntilMs: 0, uncounted: 0 };
      sender.left = Math.min(BURST, sender.left + ((ms - sender.atMs) / 1000) * PER_SECOND) - 1;
      sender.atMs = ms;
      if (sender.left < 0) {
        sender.left = 0;
        sender.closedUntilMs = ms + CLOSED_MS;
        closedUntilMs = sender.closedUntilMs;
      }
      senders.set(key, sender);
    },
    takeCounts: () => {
      const counts = new Map<string, Refuser & { count: number }>();
      for (const sender of turnedAway) {
        const { refuser, uncounted } = sender;
        if (refuser) {
          const count = (counts.get(refuser.agentId)?.count ?? 0) + uncounted;
          counts.set(refuser.agentId, { ...refuser, count });
        }
        sender.uncounted = 0;
      }
      turnedAway.clear();
      return [...counts.values()];
    },
  };
}
