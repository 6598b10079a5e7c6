import type { AgentConfig } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { readVersionToRun } from './version-store.js';

/** The configuration of a version of an agent; undefined when there is none. */
export type VersionCache = (agentId: string, version: number) => Promise<AgentConfig | undefined>;

/** How many versions a worker keeps, and how many characters of them as JSON. */
const KEPT = 500;
const KEPT_CHARACTERS = 16 * 1024 * 1024;

/** Versions never change, so a worker reads each of them once and keeps the last few hundred, fewer of large ones. */
export function createVersionCache(ctx: Context): VersionCache {
  const known = new Map<string, { config: AgentConfig; size: number }>();
  let total = 0;
  return async (agentId, version) => {
    const key = `${agentId}:${version}`;
    const cached = known.get(key);
    if (cached) return cached.config;
    const config = await readVersionToRun(ctx, agentId, version);
    if (!config) return undefined;
    const size = JSON.stringify(config).length;
    total += size - (known.get(key)?.size ?? 0); // another task may have read it meanwhile
    known.set(key, { config, size });
    for (const [oldest, other] of known) {
      if (known.size <= KEPT && total <= KEPT_CHARACTERS) break;
      known.delete(oldest);
      total -= other.size;
    }
    return config;
  };
}
