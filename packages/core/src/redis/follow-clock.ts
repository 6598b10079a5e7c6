import { every } from '@agenthook/async';
import type { Logger } from 'pino';
import type { RedisClient } from './connect.js';

/** Redis's clock as this process knows it. Every time that decides something comes from it. */
export interface Clock {
  /** Ms since the epoch, whole. */
  now(): number;
  /** How far this machine's clock is ahead of Redis's, in ms; negative if it is behind. */
  skewMs(): number;
  stop(): void;
}

/** How often Redis is asked for its time, in ms. */
const ASK_MS = 5_000;
/** How many times Redis is asked at first. The fastest answer is the most exact. */
const FIRST_ASKED = 3;
/** A slower answer is ignored, in ms. Its error is up to half of this. */
const SLOWEST_MS = 1_000;

/** A skew from which people are warned, in ms. NTP keeps machines within a few. */
export const WARNED_SKEW_MS = 2_000;

/**
 * How far a monotonic clock may drift from Redis's, as a part of the time: what NTP corrects at most
 * (https://www.ntp.org/documentation/4.2.8-series/clock/).
 */
const MOST_DRIFT = 0.0005;

/** One answer of Redis about its time. */
export interface Reading {
  /** When it arrived, by the monotonic clock, in ms. */
  atMs: number;
  /** What to add to performance.now() for Redis's time, in ms. */
  aheadMs: number;
  tookMs: number;
}

/**
 * The reading to go by: the more exact one. An answer is wrong by up to half of the time that it took, and
 * becomes older. If both cannot be right, Redis's clock was set, or another machine has become Redis: then
 * the next one counts.
 */
export function chooseReading(current: Reading, next: Reading): Reading {
  const currentError = current.tookMs / 2 + (next.atMs - current.atMs) * MOST_DRIFT;
  const nextError = next.tookMs / 2;
  const differ = Math.abs(next.aheadMs - current.aheadMs) > currentError + nextError;
  return differ || nextError <= currentError ? next : current;
}

/**
 * Follows Redis's clock from now on. All processes of an installation agree on it, while their machines'
 * clocks may differ by seconds or days. Between two answers, the time continues by the monotonic clock, which
 * no one can set. Logs when this machine's clock is wrong and when it is right again.
 */
export async function followClock(redis: RedisClient, log: Logger): Promise<Clock> {
  const readMachine = Date.now; // setProcessClock may replace it later
  const ask = async (): Promise<Reading> => {
    const sent = performance.now();
    const [seconds = 0, micros = 0] = await redis.time();
    const arrived = performance.now();
    const redisMs = Number(seconds) * 1000 + Number(micros) / 1000 + (arrived - sent) / 2;
    return { atMs: arrived, aheadMs: redisMs - arrived, tookMs: arrived - sent };
  };
  let current = await ask();
  for (let asked = 1; asked < FIRST_ASKED; asked++) current = chooseReading(current, await ask());
  const exactNow = () => performance.now() + current.aheadMs;
  const skewMs = () => Math.round(readMachine() - exactNow());
  let isWarned = false;
  const warn = () => {
    const skew_ms = skewMs();
    const isWrong = Math.abs(skew_ms) >= WARNED_SKEW_MS;
    if (isWrong === isWarned) return;
    isWarned = isWrong;
    if (isWrong) log.warn({ skew_ms }, `this machine's clock is ${skewText(skew_ms)}; times come from Redis`);
    else log.info({ skew_ms }, "this machine's clock agrees with Redis's again");
  };
  warn();
  const follow = async () => {
    const next = await ask();
    if (next.tookMs > SLOWEST_MS) return;
    current = chooseReading(current, next);
    warn();
  };
  const stop = every(ASK_MS, follow, (error) => log.debug({ err: error }, 'Redis did not tell its time'));
  return {
    now: () => Math.floor(exactNow()),
    skewMs,
    stop,
  };
}

const UNITS = [
  ['days', 86_400_000],
  ['hours', 3_600_000],
  ['minutes', 60_000],
  ['s', 1_000],
] as const;

/** Says how far a clock is from Redis's, such as `8 days ahead of Redis's`. */
export function skewText(skewMs: number): string {
  const ms = Math.abs(skewMs);
  const [unit, size] = UNITS.find(([, length]) => ms >= 2 * length) ?? (['s', 1_000] as const);
  return `${Math.round(ms / size)} ${unit} ${skewMs > 0 ? 'ahead of' : 'behind'} Redis's`;
}
