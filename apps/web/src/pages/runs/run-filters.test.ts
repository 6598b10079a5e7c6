import { expect, test } from '@jest/globals';
import { queryOf, validateFilters } from './run-filters.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');

test('a URL becomes a query of the api', () => {
  const filters = validateFilters({ agent: 'a1', status: 'PENDING,FAILURE', range: '1h', q: 4711 });
  expect(queryOf(filters, NOW)).toEqual({
    agent_id: 'a1',
    status: ['PENDING', 'FAILURE'],
    from: '2026-11-22T11:00:00.000Z',
    q: '4711',
  });
});

test('a custom range is used if no preset is chosen', () => {
  const span = { from: '2026-11-01T00:00:00+01:00', to: '2026-11-02T00:00:00Z' };
  expect(queryOf(validateFilters(span), NOW)).toEqual({
    from: '2026-10-31T23:00:00.000Z',
    to: '2026-11-02T00:00:00.000Z',
  });
  expect(validateFilters({ ...span, range: '24h' })).toEqual({ range: '24h' });
});

test.each([
  { status: 'DONE,' },
  { status: ['PENDING'] },
  { range: 'toString' },
  { from: 'yesterday', to: {} },
  { q: '   ' },
  { agent: 7, whatever: 1 },
])('%j filters nothing', (search) => {
  expect(validateFilters(search)).toEqual({});
});
