import type { Context } from '../context.js';
import type { ProcessInfo } from '../stats/heartbeat.js';

/** One line if SEAL_AT_REST is on in some live processes and off in others. */
export function checkSealing({ seal }: Context, processes: readonly ProcessInfo[]): string[] {
  const others = processes.flatMap(({ seals_at_rest }) => seals_at_rest ?? []);
  if (others.every((isOn) => isOn === seal.isOn)) return [];
  return ['SEAL_AT_REST is on in some processes and off in others. Set the same for all.'];
}
