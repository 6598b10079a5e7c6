import { expect, test } from '@jest/globals';
import { createProviderGates } from './provider-gates.js';

const NOW = 1_000_000;
const models = (model: string, ...fallback_models: string[]) => ({ model, fallback_models });

test('a model that asked to wait keeps only its own tasks waiting', () => {
  const gates = createProviderGates();
  const waitMs = gates.close(models('openai:a'), NOW, 12_000);
  expect(waitMs).toBeGreaterThanOrEqual(12_000);
  expect(gates.closedFor(models('openai:a'), NOW)).toBeGreaterThanOrEqual(12_000);
  expect(gates.closedFor(models('openai:a'), NOW + 13_300)).toBeUndefined();
  expect(gates.closedFor(models('openai:b'), NOW)).toBeUndefined();
  expect(gates.closedFor(models('openai:a', 'openai:b'), NOW)).toBeUndefined();
});

test('an agent with fallbacks, or the sandbox, closes no gate', () => {
  const gates = createProviderGates();
  gates.close(models('openai:a', 'openai:b'), NOW, 12_000);
  gates.close(models('sandbox:echo'), NOW, 12_000);
  expect(gates.closedFor(models('openai:a'), NOW)).toBeUndefined();
  expect(gates.closedFor(models('sandbox:echo'), NOW)).toBeUndefined();
});
