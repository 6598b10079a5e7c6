import { beforeAll } from '@jest/globals';
import { type Stack, sharedStack, until } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

let stack: Stack;
/** More calls than a page of the list has. */
const OTHERS = 103;

beforeAll(async () => {
  stack = await sharedStack();
});

/** An agent that has so many runs, each of which waits for a decision. */
async function makeWaiting(name: string, count: number) {
  const { id } = await stack.createAgent({
    name,
    sandbox_tools: true,
    tools: [{ type: 'memory', name: 'notes', approval: 'always' }],
  });
  const { token } = await stack.mintWebhook(id);
  const tool = { name: 'notes_recall', arguments: { query: 'x' } };
  await Promise.all(
    Array.from({ length: count }, () => stack.trigger(token, { sandbox: { steps: [{ tool }] } })),
  );
  await until('all wait', async () => {
    const path = `/api/tasks/count?agent_id=${id}&status=STARTED`;
    return (await stack.request<{ count: number }>('GET', path)).body.count === count;
  });
  return id;
}

test('the dialog that deletes an agent counts its own calls that wait, however many others wait', async () => {
  const { context, page, goto } = await openStudio(stack);
  for (const [name, count, said] of [
    ['Others', OTHERS, `${OTHERS} calls wait for a decision. Their tasks end at once.`],
    ['Ours', 1, '1 call waits for a decision. Its task ends at once.'],
  ] as const) {
    await makeWaiting(name, count);
    await goto('/agents');
    await page.getByRole('button', { name: `Actions for ${name}` }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText(said).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
  }
  await context.close();
});
