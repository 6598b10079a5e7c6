import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
let agent: string;

beforeAll(async () => {
  stack = await sharedStack();
  agent = (await stack.createAgent({ name: 'Quiet' })).id;
});

test('an empty list says whether its filter is the reason', async () => {
  const { context, page, seen, goto } = await openStudio(stack);
  for (const [path, said] of [
    ['/audit?action=nothingLikeIt', 'No entry matches these filters'],
    ['/events', 'No filtered events'],
    ['/events?range=1h', 'No event matches these filters'],
    [`/events?kind=refused&agent=${agent}`, 'No event matches these filters'],
    ['/conversations', 'No conversations'],
    [`/conversations?agent=${agent}`, 'No conversation of this agent'],
    [`/runs?agent=${agent}`, 'No run matches these filters'],
    ['/agents?q=nothing', 'No agent matches “nothing”'],
  ] as const) {
    await goto(path);
    await page.getByText(said).waitFor();
  }
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});
