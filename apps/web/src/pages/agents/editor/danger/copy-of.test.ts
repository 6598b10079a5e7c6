import { expect, test } from '@jest/globals';
import type { Agent } from '../draft/draft.js';
import { copyOf, secretsOf } from './copy-of.js';

const agent = {
  id: 'agt_1',
  name: 'Triage',
  model: 'sandbox:echo',
  version: 4,
  status: 'disabled',
  signature: { scheme: 'github', secret: true },
  callback: { url: 'https://example.com', secrets: [] },
  tools: [
    { type: 'http', name: 'crm', url: 'https://crm.example.com', secrets: { key: true, other: true } },
    { type: 'memory', name: 'notes' },
  ],
} as unknown as Agent;

test('names the secrets that a copy has to be given', () => {
  expect(secretsOf(agent)).toEqual([
    { tool: 'crm', name: 'key' },
    { tool: 'crm', name: 'other' },
  ]);
});

test('a copy has the secrets that were typed, and neither signature nor callback', () => {
  expect(copyOf(agent, 'Triage 2', { 'crm/key': 'hunter2' })).toEqual({
    name: 'Triage 2',
    model: 'sandbox:echo',
    tools: [
      { type: 'http', name: 'crm', url: 'https://crm.example.com', secrets: { key: 'hunter2' } },
      { type: 'memory', name: 'notes' },
    ],
  });
});
