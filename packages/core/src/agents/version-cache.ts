import type { AgentConfig } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { readVersionToRun } from './version-store.js';

/** The configuration of a version of an agent; undefined when there is none. */
export type VersionCache = (agentId: string, version: number) => Promise<AgentConfig | undefined>;

const KEPT = 500;

/** Versions never change, so a worker reads each of them once and keeps the last few hundred. */
export function createVersionCache(ctx: Context): VersionCache {
  const known = new Map<string, AgentConfig>();
  return async (agentId, version) => {
    const key = `${agentId}:${version}`;
    const cached = known.get(key);
    if (cached) return cached;
    const config = await readVersionToRun(ctx, agentId, version);
    if (!config) return undefined;
    known.set(key, config);
    const oldest = known.keys().next();
    if (known.size > KEPT && !oldest.done) known.delete(oldest.value);
    return config;
  };
}
