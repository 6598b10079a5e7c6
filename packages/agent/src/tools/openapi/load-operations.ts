import { createHash } from 'node:crypto';
import { orAborted } from '@agenthook/async';
import type { ToolConfigOf } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import { LRUCache } from 'lru-cache';
import { type ToolEnvironment, ToolError, type ToolListing } from '../tool.js';
import { type ReadDescription, readDescription } from './read-description.js';

const CACHE_MS = 5 * 60_000;
const MAX_CACHED = 100;

/**
 * Caches operations for some minutes, because reading a large description takes a helper half a second and
 * agents run often. Keeps only the chosen operations, not the document. The cache lives as long as its
 * Egress.
 */
const caches = new WeakMap<Egress, LRUCache<string, Promise<ReadDescription>>>();

/**
 * Loads the operations that `config` names. Throws ToolError, and EgressError if the description cannot be
 * fetched.
 */
export async function loadOperations(
  config: ToolConfigOf<'openapi'>,
  env: Pick<ToolEnvironment, 'egress' | 'bounded' | 'agent'>,
  signal: AbortSignal,
): Promise<ReadDescription> {
  const cache =
    caches.get(env.egress) ??
    new LRUCache<string, Promise<ReadDescription>>({ max: MAX_CACHED, ttl: CACHE_MS });
  caches.set(env.egress, cache);
  const { spec, spec_url, operations, headers = {}, query = {} } = config;
  const parts = [spec_url ?? null, spec ?? null, operations, Object.keys(headers), Object.keys(query)];
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64');
  const known = cache.get(key);
  if (known) return orAborted(known, signal);
  // Not under the caller's signal, because other callers may wait for the same description.
  const loaded = readDescription(config, env, { key: env.agent.id }, false).then(withoutFaults);
  cache.set(key, loaded);
  loaded.catch(() => {
    if (cache.peek(key) === loaded) cache.delete(key);
  });
  return orAborted(loaded, signal);
}

/** How many faults an error tells. */
const MOST_TOLD = 5;

function withoutFaults(read: ReadDescription): ReadDescription {
  if (read.faults.length === 0) return read;
  throw new ToolError(
    read.faults
      .slice(0, MOST_TOLD)
      .map(({ message }) => message)
      .join(' '),
  );
}

/** All operations of a description, and what is wrong with the chosen ones. Throws as loadOperations does. */
export async function listOperations(
  config: ToolConfigOf<'openapi'>,
  env: Pick<ToolEnvironment, 'egress' | 'bounded' | 'agent'>,
  signal: AbortSignal,
): Promise<ToolListing> {
  const { list, faults } = await orAborted(
    readDescription(config, env, { key: env.agent.id, signal }, true),
    signal,
  );
  return {
    tools: list.map(({ parameters, ...entry }) => ({ ...entry, input_schema: parameters })),
    problems: faults.map(({ index, code, message }) => ({
      path: index === undefined ? '/operations' : `/operations/${index}`,
      code,
      detail: message,
    })),
  };
}
