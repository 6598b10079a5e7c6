import type { Context } from '../context.js';
import { skewText, WARNED_SKEW_MS } from '../redis/follow-clock.js';
import type { ProcessInfo } from './heartbeat.js';

/**
 * Compares the clocks of the live processes' machines with Redis's.
 *
 * @returns the largest difference in whole seconds, with its sign, and one line if it is too large
 */
export function checkClocks(
  ctx: Context,
  processes: readonly ProcessInfo[],
): { skewSeconds: number; warnings: string[] } {
  const own = Math.round(ctx.clockSkewMs() / 1000);
  const clocks = [{ kind: 'api', seconds: own }];
  for (const { kind, clock_skew_seconds } of processes) clocks.push({ kind, seconds: clock_skew_seconds });
  const worst = clocks.reduce((most, next) =>
    Math.abs(next.seconds) > Math.abs(most.seconds) ? next : most,
  );
  const skewMs = worst.seconds * 1000;
  if (Math.abs(skewMs) < WARNED_SKEW_MS) return { skewSeconds: worst.seconds, warnings: [] };
  const whose = worst.kind === 'api' ? 'an api' : 'a worker';
  return {
    skewSeconds: worst.seconds,
    warnings: [`The clock of ${whose} is ${skewText(skewMs)}: run an NTP client on both machines.`],
  };
}
