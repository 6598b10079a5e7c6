import type { AgentConfig } from '@agenthook/contracts';
import { LRUCache } from 'lru-cache';
import type { Context } from '../context.js';
import { readVersionToRun } from './version-store.js';

/** The configuration of a version of an agent; undefined when there is none. */
export type VersionCache = (agentId: string, version: number) => Promise<AgentConfig | undefined>;

/** How many versions a worker keeps, and how many characters of them as JSON. */
const KEPT = 500;
const KEPT_CHARACTERS = 16 * 1024 * 1024;

/** Versions never change, so a worker reads each of them once and keeps the last few hundred, fewer of large ones. */
export function createVersionCache(ctx: Context): VersionCache {
  const known = new LRUCache<string, AgentConfig>({
    max: KEPT,
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: (config) => JSON.stringify(config).length,
  });
  return async (agentId, version) => {
    const key = `${agentId}:${version}`;
    const cached = known.get(key);
    if (cached) return cached;
    const config = await readVersionToRun(ctx, agentId, version);
    if (config) known.set(key, config);
    return config;
  };
}
