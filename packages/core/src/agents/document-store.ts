import { randomBytes } from 'node:crypto';
import {
  type Document,
  type DocumentsPort,
  MAX_AGENT_DOCUMENT_BYTES,
  MAX_DOCUMENT_BYTES,
  MAX_DOCUMENTS,
  type StoredDocument,
} from '@agenthook/contracts';
import type { Context } from '../context.js';
import { AppError, unknownAgent } from '../errors.js';
import { keys } from '../redis/keys.js';
import { defineScript } from '../redis/script.js';
import { agentExists } from './store.js';

const MIB = 1024 * 1024;

/** Adds a document and counts its bytes. The sum and the revision are the agent's own fields, so they go with it. */
const addScript = defineScript<'added' | 'unknown_agent' | 'too_many' | 'too_much'>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 'unknown_agent' end
if redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[4]) then return 'too_many' end
local bytes = tonumber(redis.call('HGET', KEYS[1], 'document_bytes') or '0') + #ARGV[3]
if bytes > tonumber(ARGV[5]) then return 'too_much' end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[1], 'document_bytes', bytes)
redis.call('HINCRBY', KEYS[1], 'documents_revision', 1)
return 'added'`);

/** Returns -1 without an agent, 0 without such a document, else 1. */
const removeScript = defineScript<-1 | 0 | 1>(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local bytes = redis.call('HSTRLEN', KEYS[3], ARGV[1])
if redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HINCRBY', KEYS[1], 'document_bytes', -bytes)
redis.call('HINCRBY', KEYS[1], 'documents_revision', 1)
return 1`);

const redisKeys = (agentId: string) => [
  keys.agent(agentId),
  keys.agentDocuments(agentId),
  keys.agentTexts(agentId),
];

/** Like an agent's id, it sorts by the time of its making. */
const createDocumentId = (now: number): string =>
  `doc_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;

/**
 * Gives an agent a text to search. `text` is kept as it is.
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
    created_at: new Date(now).toISOString(),
  };
  const limits = [MAX_DOCUMENTS, MAX_AGENT_DOCUMENT_BYTES];
  const args = [document.id, JSON.stringify(document), text, ...limits];
  switch (await addScript(ctx.redis, redisKeys(agentId), args)) {
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

/** The documents of an agent, newest first, without their texts. Throws `unknown_agent`. */
export async function listDocuments(ctx: Context, agentId: string): Promise<Document[]> {
  const stored = await ctx.redis.hgetall(keys.agentDocuments(agentId));
  const documents = Object.values(stored).map((json) => JSON.parse(json) as Document);
  if (documents.length === 0 && !(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  return documents.sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Removes a document for good. Throws `unknown_agent`, `unknown_document`. */
export async function removeDocument(ctx: Context, agentId: string, documentId: string): Promise<void> {
  const removed = await removeScript(ctx.redis, redisKeys(agentId), [documentId]);
  if (removed === -1) throw unknownAgent(agentId);
  if (removed === 0) throw new AppError('unknown_document', `The agent has no document ${documentId}.`);
}

/** The documents of an agent as its tool reads them. Without an agent there are none. */
export function documentsOf(ctx: Context, agentId: string): DocumentsPort {
  return {
    revision: async () => (await ctx.redis.hget(keys.agent(agentId), 'documents_revision')) ?? '0',
    async all() {
      const listed = Object.values(await ctx.redis.hgetall(keys.agentDocuments(agentId)));
      const documents: StoredDocument[] = [];
      for (const json of listed.sort()) {
        const { id, name } = JSON.parse(json) as Document;
        // One by one: all texts in a single answer would hold Redis up for everybody.
        const text = await ctx.redis.hget(keys.agentTexts(agentId), id);
        if (text !== null) documents.push({ id, name, text });
      }
      return documents;
    },
  };
}
