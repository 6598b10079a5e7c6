import type { AgentVersion } from '@agenthook/contracts';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';
import { readVersionToRun } from './version-store.js';

/** Returns the configuration of an agent's version; undefined if it does not exist. */
export type VersionCache = (agentId: string, version: number) => Promise<AgentVersion | undefined>;

/** Maximum number of cached versions, and their maximum size as JSON in characters. */
const KEPT = 500;
const KEPT_CHARACTERS = 16 * 1024 * 1024;

/** Versions never change, so a worker reads each once and caches the most recently used ones. */
export function createVersionCache(ctx: Context): VersionCache {
  const known = new LRUCache<string, AgentVersion>({
    max: KEPT,
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (config) => JSON.stringify(config).length,
  });
  return async (agentId, version) => {
    const key = `${agentId}:${version}`;
    const cached = known.get(key);
    if (cached) return cached;
    const config = await readVersionToRun(ctx, agentId, version);
    if (config && !config.problem?.blocks_runs) known.set(key, config);
    return config;
  };
}
