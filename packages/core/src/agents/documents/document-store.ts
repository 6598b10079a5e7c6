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
import { type RowKind, readRow } from '../../redis/stored-row.js';
import { agentExists } from '../read-agent.js';
import { addDocumentScript } from './add-document.script.js';
import { buildIndex } from './build-index.js';
import type { IndexFacts } from './index-format.js';
import { removeDocumentScript } from './remove-document.script.js';

const MIB = 1024 * 1024;

/** A document's entry in Redis, without its text and index. */
export interface DocumentEntry extends Document {
  /** Absent from documents that were stored before indexes existed. */
  index?: IndexFacts;
}

export const DOCUMENT: RowKind<DocumentEntry> = {
  name: 'document',
  fields: { id: 'string', name: 'string', characters: 'number', created_at: 'string', index: 'object?' },
};

/** Sorts by creation time, like an agent's id. */
const createDocumentId = (now: number): string =>
  `doc_${now.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;

const keysOf = (agentId: string, documentId: string) => ({
  agent: keys.agent(agentId),
  documents: keys.agentDocuments(agentId),
  text: keys.documentText(agentId, documentId),
  index: keys.documentIndex(agentId, documentId),
});

/**
 * Adds a text that the agent can search, and resolves once it is searchable. Stores `text` unchanged. Throws
 * `unknown_agent`, `document_too_large`, `too_many_documents`.
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
    return await addDocumentScript(ctx.redis, keysOf(agentId, document.id), {
      id: document.id,
      entry: JSON.stringify(entry),
      content: text,
      bytes,
      most: MAX_DOCUMENTS,
      mostBytes: MAX_AGENT_DOCUMENT_BYTES,
    });
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

/** The entries of an agent's documents, oldest first; empty for an unknown agent. */
export async function readEntries(ctx: Context, agentId: string): Promise<DocumentEntry[]> {
  const stored = Object.entries(await ctx.redis.hgetall(keys.agentDocuments(agentId)));
  const entries = stored.flatMap(([id, json]) => readRow(ctx, DOCUMENT, json, id) ?? []);
  return entries.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** An agent's documents, newest first, without their texts. Throws `unknown_agent`. */
export async function listDocuments(ctx: Context, agentId: string): Promise<Document[]> {
  const entries = await readEntries(ctx, agentId);
  if (entries.length === 0 && !(await agentExists(ctx, agentId))) throw unknownAgent(agentId);
  return entries.reverse().map(({ index: _, ...document }) => document);
}

/** Removes a document for good. Throws `unknown_agent`, `unknown_document`. */
export async function removeDocument(ctx: Context, agentId: string, documentId: string): Promise<void> {
  const redisKeys = { ...keysOf(agentId, documentId), texts: keys.agentTexts(agentId) };
  const removed = await removeDocumentScript(ctx.redis, redisKeys, { id: documentId });
  if (removed === -1) throw unknownAgent(agentId);
  if (removed === 0) throw new AppError('unknown_document', `The agent has no document ${documentId}.`);
}
