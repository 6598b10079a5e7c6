import { expect, test } from '@jest/globals';
import { inOrder, type ListedAgent, rowsOf } from './agent-rows.js';

const agent = (id: string, name: string) => ({ id, name }) as ListedAgent;
const totals = { triggered: 4, succeeded: 2, failed: 1, rejected: 0 };
const counts = (agent_id: string, more: object, last_task_at: string | null) =>
  ({
    agent_id,
    last_task_at,
    totals: { ...totals, ...more },
    series: [{ ...totals, ...more }],
  }) as unknown as Parameters<typeof rowsOf>[1][number];

const AGENTS = [agent('c', 'Ticket triage'), agent('b', 'incident summary'), agent('a', 'Alpha')];
const COUNTED = [
  counts('c', {}, '2026-11-22T10:00:00Z'),
  counts('b', { triggered: 9, succeeded: 9, failed: 0 }, '2026-11-22T11:00:00Z'),
  counts('a', { triggered: 0, succeeded: 0, failed: 0 }, null),
];
const names = (rows: { agent: ListedAgent }[]) => rows.map((row) => row.agent.name);

test('an agent has its counts: zero if it never ran, unknown while they load', () => {
  const [triage, , alpha] = rowsOf(AGENTS, COUNTED);
  expect(triage?.activity).toMatchObject({ runs: 4, failed: 1, failureRate: 1 / 3 });
  expect(alpha?.activity).toMatchObject({ runs: 0, failureRate: null, lastRunAt: null });
  expect(rowsOf(AGENTS, []).every(({ activity }) => activity === undefined)).toBe(true);
});

test.each([
  ['newest', ['Ticket triage', 'incident summary', 'Alpha']],
  ['name', ['Alpha', 'incident summary', 'Ticket triage']],
  ['runs', ['incident summary', 'Ticket triage', 'Alpha']],
  ['failures', ['Ticket triage', 'incident summary', 'Alpha']],
  ['last_run', ['incident summary', 'Ticket triage', 'Alpha']],
] as const)('rows can be sorted: %s', (sort, expected) => {
  expect(names(inOrder(rowsOf(AGENTS, COUNTED), sort))).toEqual(expected);
});
