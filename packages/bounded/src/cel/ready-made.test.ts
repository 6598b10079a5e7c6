import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { READY_MADE } from '../../../../apps/web/src/pages/agents/editor/filter/ready-made.js';
import { type CelEvent, compileCel } from './compile.js';

/** For each ready-made filter, what matters of a real event that it wants, and of one that it does not. */
const EVENTS: Record<string, [wanted: Partial<CelEvent>, unwanted: Partial<CelEvent>]> = {
  'GitHub: New issues': [
    { headers: { 'x-github-event': 'issues' }, payload: { action: 'opened' } },
    { headers: { 'x-github-event': 'push' }, payload: { ref: 'refs/heads/main' } },
  ],
  'GitHub: Pull requests that are ready for review': [
    {
      headers: { 'x-github-event': 'pull_request' },
      payload: { action: 'opened', pull_request: { draft: false } },
    },
    {
      headers: { 'x-github-event': 'pull_request' },
      payload: { action: 'opened', pull_request: { draft: true } },
    },
  ],
  'GitHub: Comments by people': [
    {
      headers: { 'x-github-event': 'issue_comment' },
      payload: { action: 'created', sender: { login: 'ada', type: 'User' } },
    },
    {
      headers: { 'x-github-event': 'issue_comment' },
      payload: { action: 'created', sender: { login: 'octobot[bot]', type: 'Bot' } },
    },
  ],
  'GitHub: Pushes to the default branch': [
    {
      headers: { 'x-github-event': 'push' },
      payload: { ref: 'refs/heads/main', repository: { default_branch: 'main' } },
    },
    {
      headers: { 'x-github-event': 'push' },
      payload: { ref: 'refs/heads/wip', repository: { default_branch: 'main' } },
    },
  ],
  'Stripe: Failed payments': [
    { payload: { type: 'invoice.payment_failed' } },
    { payload: { type: 'invoice.paid' } },
  ],
  'Stripe: Payments of 100 or more, in live mode': [
    { payload: { livemode: true, type: 'payment_intent.succeeded', data: { object: { amount: 10_000 } } } },
    { payload: { livemode: true, type: 'customer.created', data: { object: {} } } },
  ],
  'Slack: Messages and mentions by people': [
    { payload: { type: 'event_callback', event: { type: 'message', user: 'U1', text: 'hi' } } },
    { payload: { type: 'event_callback', event: { type: 'message', bot_id: 'B1', subtype: 'bot_message' } } },
  ],
  'Linear: New issues': [
    { payload: { type: 'Issue', action: 'create', data: {} } },
    { payload: { type: 'Comment', action: 'create', data: {} } },
  ],
  'Linear: Issues that became urgent': [
    { payload: { type: 'Issue', action: 'update', data: { priority: 1 }, updatedFrom: { priority: 3 } } },
    { payload: { type: 'Issue', action: 'update', data: { priority: 1 }, updatedFrom: { title: 'x' } } },
  ],
};

const GUIDE = readFileSync(new URL('../../../../docs/guides/agents/filters.md', import.meta.url), 'utf8');

test.each(READY_MADE.map((one) => [`${one.sender}: ${one.label}`, one.filter]))('%s', (name, filter) => {
  const compiled = compileCel(filter);
  if ('issue' in compiled) throw new Error(compiled.issue.message);
  const { program } = compiled;
  const valueFor = (event: Partial<CelEvent> | undefined) =>
    program.evaluate({ payload: {}, headers: {}, query: {}, ...event });
  expect(EVENTS[name]?.map(valueFor)).toEqual([true, false]);
  // They run on the event loop.
  expect(program.passes).toBeLessThan(60);
  expect(GUIDE).toContain(`\`\`\`cel\n${filter}\n\`\`\``);
});
