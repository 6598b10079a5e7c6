import { randomBytes } from 'node:crypto';
import {
  type Document,
  iso,
  MAX_AGENT_DOCUMENT_BYTES,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENTS,
} from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError, unknownAgent } from '../../errors.js';
import { keys } from '../../redis/keys.js';
import { defineScript } from '../../redis/script.js';
import { agentExists } from '../read-agent.js';
import { buildIndex } from './build-index.js';
import type { IndexFacts } from './index-format.js';

const MIB = 1024 * 1024;

/** What Redis keeps of a document beside its text and the index of it. */
export interface DocumentEntry extends Document {
  /** Not in what was stored before indexes were. */
  index?: IndexFacts;
}

/** Adds a document, with its text (ARGV[3]) and the index of that (ARGV[4]), and counts the bytes of its text. */
const addScript = defineScript<'added' | 'unknown_agent' | 'too_many' | 'too_much'>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 'unknown_agent' end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[5]) then return 'too_many' end
local bytes = tonumber(redis.call('HGET', KEYS[1], 'document_bytes') or '0') + #ARGV[3]
if bytes > tonumber(ARGV[6]) then return 'too_much' end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('SET', KEYS[3], ARGV[3])
redis.call('SET', KEYS[4], ARGV[4])
redis.call('HSET', KEYS[1], 'document_bytes', bytes)
return 'added'`);

/** Returns -1 without an agent, 0 without such a document, else 1. KEYS[5] holds the text of one without an index. */
const removeScript = defineScript<-1 | 0 | 1>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local bytes = redis.call('STRLEN', KEYS[3]) + redis.call('HSTRLEN', KEYS[5], ARGV[1])
if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('UNLINK', KEYS[3], KEYS[4])
redis.call('HDEL', KEYS[5], ARGV[1])
redis.call('HINCRBY', KEYS[1], 'document_bytes', -bytes)
return 1`);

/** Like an agent's id, it sorts by the time of its making. */
const createDocumentId = (now: number): string =>
  `doc_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;

const keysOf = (agentId: string, documentId: string): string[] => [
  keys.agent(agentId),
  keys.agentDocuments(agentId),
  keys.documentText(agentId, documentId),
  keys.documentIndex(agentId, documentId),
];

/**
 * Gives an agent a text to search, and returns when it can be found. `text` is kept as it is.
 * Throws `unknown_agent`, `document_too_large`, `too_many_documents`.
 */
export async function addDocument(
  ctx: Context,
  agentId: string,
  { name, text }: { name: string; text: string },
): Promise<Document> {
  if (Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) {
    throw new AppError(
      'document_too_large',
      `A document may have ${MAX_DOCUMENT_BYTES / MIB} MiB of text at most. Split it.`,
    );
  }
  const now = ctx.now();
  const document: Document = {
    id: createDocumentId(now),
    name,
    characters: text.length,
    created_at: iso(now),
  };
  const added = await ctx.documentWork.index(async () => {
    const { facts, bytes } = await buildIndex(text);
    const entry: DocumentEntry = { ...document, index: facts };
    const args = [document.id, JSON.stringify(entry), text, bytes, MAX_DOCUMENTS, MAX_AGENT_DOCUMENT_BYTES];
    return await addScript(ctx.redis, keysOf(agentId, document.id), args);
  });
  switch (added) {
    case 'added':
      return document;
    case 'unknown_agent':
      throw unknownAgent(agentId);
    case 'too_many':
    case 'too_much':
      throw new AppError(
        'too_many_documents',
        `An agent may have ${MAX_DOCUMENTS} documents and ${MAX_AGENT_DOCUMENT_BYTES / MIB} MiB of text at most. Remove one first.`,
      );
  }
}

/** What is stored of an agent's documents, oldest first. Without an agent there are none. */
export async function readEntries(ctx: Context, agentId: string): Promise<DocumentEntry[]> {
  const stored = Object.values(await ctx.redis.hgetall(keys.agentDocuments(agentId)));
  const entries = stored.map((json) => JSON.parse(json) as DocumentEntry);
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The documents of an agent, newest first, without their texts. Throws `unknown_agent`. */
export async function listDocuments(ctx: Context, agentId: string): Promise<Document[]> {
  const entries = await readEntries(ctx, agentId);
  if (entries.length === 0 && !(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  return entries.reverse().map(({ index: _, ...document }) => document);
}

/** Removes a document for good. Throws `unknown_agent`, `unknown_document`. */
export async function removeDocument(ctx: Context, agentId: string, documentId: string): Promise<void> {
  const redisKeys = [...keysOf(agentId, documentId), keys.agentTexts(agentId)];
  const removed = await removeScript(ctx.redis, redisKeys, [documentId]);
  if (removed === -1) throw unknownAgent(agentId);
  if (removed === 0) throw new AppError('unknown_document', `The agent has no document ${documentId}.`);
}
