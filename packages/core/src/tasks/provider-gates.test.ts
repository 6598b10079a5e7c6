import { describe, expect, test } from '@jest/globals';
import { createProviderGates } from './provider-gates.js';

const NOW = 1_000_000;
const models = (model: string, ...fallback_models: string[]) => ({ model, fallback_models });

test('a model that asked to wait keeps only its own tasks waiting', () => {
  const gates = createProviderGates();
  const { delay_ms, waiting_for } = gates.close(models('openai:a'), NOW, 12_000);
  expect(delay_ms).toBeGreaterThanOrEqual(12_000);
  expect(waiting_for).toMatchObject({ kind: 'rate_limit', provider: 'openai', model: 'a' });
  expect(Date.parse(waiting_for.until) - NOW).toBe(delay_ms);
  expect(gates.closedFor(models('openai:a'), NOW)?.delay_ms).toBeGreaterThanOrEqual(12_000);
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

describe('a long wait', () => {
  const hour = models('openai:a');

  test('is shown whole, but a task asks every few minutes', () => {
    const gates = createProviderGates();
    const { delay_ms, waiting_for } = gates.close(hour, NOW, 3_600_000);
    expect(Date.parse(waiting_for.until) - NOW).toBeGreaterThanOrEqual(3_600_000);
    expect(delay_ms).toBeLessThan(600_000);
    const later = NOW + delay_ms;
    expect(gates.closedFor(hour, later)).toBeUndefined();
    expect(gates.closedFor(hour, later)).toMatchObject({ waiting_for });
  });

  test('is over when that task succeeds', () => {
    const gates = createProviderGates();
    const { delay_ms } = gates.close(hour, NOW, 3_600_000);
    // A call that was under way when the gate closed says nothing about the limit.
    gates.answered(hour);
    expect(gates.closedFor(hour, NOW)).toBeDefined();
    expect(gates.closedFor(hour, NOW + delay_ms)).toBeUndefined();
    gates.answered(hour);
    expect(gates.closedFor(hour, NOW + delay_ms)).toBeUndefined();
  });

  test('goes on when that task is limited again', () => {
    const gates = createProviderGates();
    const { delay_ms } = gates.close(hour, NOW, 3_600_000);
    const later = NOW + delay_ms;
    expect(gates.closedFor(hour, later)).toBeUndefined();
    gates.close(hour, later, 3_000_000);
    gates.answered(hour);
    expect(gates.closedFor(hour, later + 1_000)).toBeDefined();
  });
});
