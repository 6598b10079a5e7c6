import { createHash } from 'node:crypto';
import { orAborted } from '@agenthook/async';
import { MAX_MODEL_TOOLS, type ToolConfigOf } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import { LRUCache } from 'lru-cache';
import { type ToolEnvironment, ToolError } from '../tool.js';
import { type OpenApiDocument, parseDocument } from './document.js';
import { findOperations } from './list-operations.js';
import type { Operation } from './operation.js';
import { readOperation } from './read-operation.js';

const MOST_BYTES = 20 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 30_000;
const CACHE_MS = 5 * 60_000;
const MAX_CACHED = 100;

/** The operations of one configuration. */
interface Loaded {
  operations: Operation[];
  /** The URL of the description, after redirects. */
  specUrl: string | undefined;
}

/**
 * Caches operations for some minutes, because parsing a large description blocks the process for half a
 * second and agents run often. Keeps only the chosen operations, not the document. The cache lives as long as
 * its Egress.
 */
const caches = new WeakMap<Egress, LRUCache<string, Promise<Loaded>>>();

/**
 * Loads the operations that `config` names. Throws ToolError, and EgressError if the description cannot be
 * fetched.
 */
export async function loadOperations(
  config: ToolConfigOf<'openapi'>,
  { egress, bounded, agent }: Pick<ToolEnvironment, 'egress' | 'bounded' | 'agent'>,
  signal: AbortSignal,
): Promise<Loaded> {
  const cache =
    caches.get(egress) ?? new LRUCache<string, Promise<Loaded>>({ max: MAX_CACHED, ttl: CACHE_MS });
  caches.set(egress, cache);
  const { spec, spec_url, operations, headers = {}, query = {} } = config;
  const parts = [spec_url ?? null, spec ?? null, operations, Object.keys(headers), Object.keys(query)];
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64');
  const known = cache.get(key);
  if (known) return orAborted(known, signal);
  // Not under the caller's signal, because other callers may wait for the same description.
  const read = (text: string) => parseDocument(bounded, { key: agent.id }, text);
  const loaded = load(config, egress, read);
  cache.set(key, loaded);
  loaded.catch(() => {
    if (cache.peek(key) === loaded) cache.delete(key);
  });
  return orAborted(loaded, signal);
}

/** The parameters that the operator sets. */
export const fixedOf = ({ headers = {}, query = {} }: ToolConfigOf<'openapi'>) => ({
  header: new Set(Object.keys(headers).map((name) => name.toLowerCase())),
  query: new Set(Object.keys(query)),
});

/** The text of the description, and its URL after redirects. Throws ToolError, EgressError. */
export const textOfSpec = async (
  { spec, spec_url }: ToolConfigOf<'openapi'>,
  egress: Egress,
): Promise<{ text: string; url?: string }> =>
  spec === undefined ? await fetchSpec(spec_url, egress) : { text: spec };

async function load(
  config: ToolConfigOf<'openapi'>,
  egress: Egress,
  read: (text: string) => Promise<OpenApiDocument>,
): Promise<Loaded> {
  const { text, url } = await textOfSpec(config, egress);
  const document = await read(text);
  const fixed = fixedOf(config);
  const found = findOperations(document, config.operations);
  // A tag may stand at any number of operations. Reading one takes up to a millisecond.
  if (found.length > MAX_MODEL_TOOLS)
    throw new ToolError(
      `The OpenAPI description has ${found.length} such operations; the limit for a model is ` +
        `${MAX_MODEL_TOOLS}. Choose fewer.`,
    );
  const operations = found.map((listed) => readOperation(listed, document, fixed));
  // A pasted description may include its source URL, to which relative servers refer.
  return { operations, specUrl: url ?? config.spec_url };
}

async function fetchSpec(url: string | undefined, egress: Egress): Promise<{ text: string; url: string }> {
  if (url === undefined) throw new ToolError('Set spec_url, or paste the OpenAPI description into spec.');
  const response = await egress.request(url, {
    headers: { accept: 'application/json, application/yaml, text/yaml, */*;q=0.5' },
    timeoutMs: FETCH_TIMEOUT_MS,
    maxBytes: MOST_BYTES,
  });
  if (response.status !== 200) {
    throw new ToolError(`The OpenAPI description could not be fetched: HTTP ${response.status}.`);
  }
  if (response.truncated) throw new ToolError('The OpenAPI description is larger than 20 MiB.');
  return { text: response.body.toString('utf8'), url: response.url };
}
