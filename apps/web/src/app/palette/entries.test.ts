import { expect, test } from '@jest/globals';
import { entriesOf } from './entries.js';

const AGENTS = new Map([['agt_1', 'Printers']]);
const labels = (text: string, role: string, seesPayloads: boolean) =>
  entriesOf(text, AGENTS, { can: (needed) => needed === role, seesPayloads }).map(({ label }) => label);

test('only pages and searches that a key may use are offered', () => {
  expect(labels('audit', 'admin', true)).toEqual(['Audit log', 'Runs with “audit”']);
  expect(labels('audit', 'viewer', false)).toEqual([]);
  expect(labels('print', 'viewer', false)).toEqual(['Printers']);
  expect(labels('e3da', 'viewer', false)).toEqual(['Runs whose id begins with e3da']);
});
