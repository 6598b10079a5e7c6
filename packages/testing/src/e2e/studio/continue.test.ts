import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { violationsInBothSchemes } from './accessibility.js';
import { openStudio } from './open-studio.js';

/** A long path through the browser, on a machine that may be busy. */
const TEST_MS = 120_000;

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

test(
  'a failed run is continued with a note, and replayed from a step; both name the first run',
  async () => {
    const { id } = await stack.createAgent({
      name: 'Short of turns',
      model: 'sandbox:echo',
      tools: [{ type: 'memory', name: 'notes' }],
      sandbox_tools: true,
      limits: { max_attempts: 1, max_steps: 1 },
    });
    const { token } = await stack.mintWebhook(id);
    const recall = { name: 'notes_recall', arguments: { query: 'Lovelace' } };
    const { body } = await stack.trigger(token, { sandbox: { steps: [{ tool: recall }], reply: 'Found.' } });
    await stack.poll(body.task_id);
    const { page, goto, seen } = await openStudio(stack);
    await goto(`/runs/${body.task_id}`);

    await page.getByRole('button', { name: 'Continue' }).click();
    const dialog = page.getByRole('dialog', { name: 'Continue this run' });
    await dialog.getByText('1 finished tool call is copied and not made again.').waitFor();
    expect(await violationsInBothSchemes(page)).toEqual([]);
    await dialog.getByRole('textbox', { name: 'Note to the model' }).fill('Nobody is in a hurry.');
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await page.getByText('SUCCESS').first().waitFor();
    await page.getByText(`Continues run ${body.task_id}`, { exact: false }).waitFor();
    await page.getByText('The model was told: Nobody is in a hurry.', { exact: false }).waitFor();
    await page
      .getByRole('link', { name: body.task_id.slice(0, 8) })
      .first()
      .click();

    await page.waitForURL(`**/runs/${body.task_id}*`);
    await page.getByText('Continued as').waitFor();
    const timeline = page.getByRole('navigation', { name: 'What happened' });
    await timeline.getByRole('button', { name: /^Step 1/ }).click();
    await page
      .getByText('Nothing is copied. The model may make the calls of this step and later ones again.')
      .waitFor();
    await page.getByRole('button', { name: 'Replay from step 1' }).click();
    await page.getByText('from step 1', { exact: false }).first().waitFor();
    expect(seen).toEqual({ problems: [], otherHosts: [] });
  },
  TEST_MS,
);
