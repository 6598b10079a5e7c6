import type { Context } from '../context.js';
import type { ProcessInfo } from './heartbeat.js';

/** One line if live processes have different settings for the retention. */
export function checkRetention(ctx: Context, processes: readonly ProcessInfo[]): string[] {
  const settings = [ctx.retention.own, ...processes.flatMap((each) => each.result_ttl_seconds ?? [])];
  const [shortest, longest] = [Math.min(...settings), Math.max(...settings)];
  if (shortest === longest) return [];
  return [
    `RESULT_TTL_SECONDS differs between processes (${shortest} and ${longest}): results are kept for ` +
      `${ctx.retention.seconds()} s. Set the same for all.`,
  ];
}
