import type { DocumentsPort } from '@agenthook/contracts';
import { expect, test } from '@jest/globals';
import { caller, toolEnvironment } from '../testing/tool-environment.js';
import { documentsTool } from './documents.js';
import { ToolError } from './tool.js';

/** Finds a document by a word in its text. The real search is in core and tested there. */
const documentsWith = (texts: Record<string, string>): DocumentsPort => ({
  list: async () => Object.entries(texts).map(([name, { length }]) => ({ name, characters: length })),
  search: async (query, limit) =>
    Object.entries(texts)
      .filter(([, text]) => text.includes(query))
      .slice(0, limit)
      .map(([document, passage]) => ({ document, passage, score: 1 })),
});

const open = async (documents: DocumentsPort) =>
  caller(
    await documentsTool.open(
      { type: 'documents', name: 'manuals', max_results: 1 },
      toolEnvironment({ documents }),
      {
        signal: AbortSignal.timeout(1_000),
      },
    ),
  );

test('returns passages with their documents, up to the configured number, and lists documents', async () => {
  const call = await open(documentsWith({ 'a.txt': 'green lever', 'b.txt': 'red lever' }));
  expect(await call('manuals', { query: 'lever' })).toEqual({
    results: [{ document: 'a.txt', passage: 'green lever', score: 1 }],
  });
  expect(await call('manuals', { query: 'zebra' })).toEqual({ results: [] });
  expect(await call('manuals_list', {})).toEqual({
    documents: [
      { name: 'a.txt', characters: 11 },
      { name: 'b.txt', characters: 9 },
    ],
  });
});

test('reports missing documents, and refuses an empty query', async () => {
  const call = await open(documentsWith({}));
  expect(await call('manuals', { query: 'x' })).toEqual({
    results: [],
    note: 'This agent has no documents.',
  });
  await expect(call('manuals', { query: ' ' })).rejects.toThrow(ToolError);
});

test('a search that hangs ends with its call', async () => {
  const call = await open({ list: async () => [], search: () => new Promise(() => {}) });
  const stop = new AbortController();
  const searching = call('manuals', { query: 'x' }, stop.signal);
  stop.abort(new Error('the run has ended'));
  await expect(searching).rejects.toThrow('the run has ended');
});
