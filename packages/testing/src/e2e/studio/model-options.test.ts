import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

const TEST_MS = 120_000;

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

test(
  'model options are saved as chosen, and left out again',
  async () => {
    const { id } = await stack.createAgent({ name: 'Asked in its own way' });
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);
    const section = page.getByRole('region', { name: 'Prompt' });
    await section.getByRole('button', { name: 'Model options' }).click();
    await section.getByRole('textbox', { name: 'Temperature' }).fill('0.3');
    await section.getByRole('combobox', { name: 'Reasoning effort' }).click();
    await page.getByRole('option', { name: 'low' }).click();
    await section.getByRole('combobox', { name: 'Service tier' }).click();
    await page.getByRole('option', { name: 'flex' }).click();
    let version = 1;
    const saved = async () => {
      await page.getByRole('button', { name: /^Save as v/ }).click();
      await page.getByText(`Saved as v${++version}`).waitFor();
      return (await stack.request('GET', `/api/agents/${id}`)).body.model_options;
    };
    expect(await saved()).toEqual({ temperature: 0.3, reasoning_effort: 'low', service_tier: 'flex' });

    await section.getByRole('textbox', { name: 'Temperature' }).fill('');
    expect(await saved()).toEqual({ reasoning_effort: 'low', service_tier: 'flex' });
    expect(seen.problems).toEqual([]);
    await context.close();
  },
  TEST_MS,
);
