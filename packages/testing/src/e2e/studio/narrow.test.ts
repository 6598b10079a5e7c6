import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { test } from '../browser-test.js';
import { seriousViolations } from './accessibility.js';
import { openStudio } from './open-studio.js';

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

/** A name that is as long as people make them, and one that reads from right to left. */
const NAMES = ['Incident summary for the status page', 'סיכום תקריות לדף הסטטוס'];
/** The list of agents has room for more. */
const LONGER = 'Customer tickets of the European region, second line';

/** As many characters as fill several lines of a phone. */
const LONG = 'Customer support ticket triage for the European region, with escalation at night, second line';

/** Texts of elements that are cut off, by how much in CSS pixels. */
const CUT = `(names) => names.map((name) => {
  const all = [...document.querySelectorAll('main *')].filter((element) =>
    element.textContent.trim() === name && element.checkVisibility());
  return { name, shown: all.length > 0, cut: all.some((element) =>
    getComputedStyle(element).overflow !== 'visible' &&
    (element.scrollWidth > element.clientWidth + 1 || element.scrollHeight > element.clientHeight + 4)) };
})`;

/** The direction of the element around a text that has its own. */
const DIRECTION = `(text) => getComputedStyle(
  [...document.querySelectorAll('[dir=auto]')].find((element) => element.textContent.includes(text)),
).direction`;

test('at 1024 px, names are shown whole in the lists, and have their own direction', async () => {
  for (const name of [...NAMES, LONGER]) {
    const { id } = await stack.createAgent({
      name,
      description:
        'Turns an alert into three plain sentences for the status page, in the language of its readers.',
      model: 'sandbox:echo',
    });
    const { token } = await stack.mintWebhook(id);
    await stack.poll((await stack.trigger(token, { a: 1 })).body.task_id);
  }
  const { context, page, seen, goto } = await openStudio(stack, { viewport: { width: 1024, height: 768 } });
  for (const path of ['/agents', '/runs', '/']) {
    await goto(path);
    const names = path === '/agents' ? [...NAMES, LONGER] : NAMES;
    for (const name of names) await page.getByText(name, { exact: true }).first().waitFor();
    const found = await page.evaluate<object[]>(`(${CUT})(${JSON.stringify(names)})`);
    expect([path, found]).toEqual([path, names.map((name) => ({ name, shown: true, cut: false }))]);
    expect([path, await page.evaluate(`(${DIRECTION})(${JSON.stringify(NAMES[1])})`)]).toEqual([path, 'rtl']);
    expect(await seriousViolations(page)).toEqual([]);
  }
  expect(seen).toEqual({ problems: [], otherHosts: [] });
  await context.close();
});

test.each([360, 768])(
  'at %i px, a long name is shown whole wherever it is not one of many',
  async (width) => {
    const { id } = await stack.createAgent({ name: LONG, model: 'sandbox:echo' });
    const { token } = await stack.mintWebhook(id);
    const { task_id } = (await stack.trigger(token, { a: 1 })).body;
    await stack.poll(task_id);
    await stack.trigger(token, '{"broken');
    const { context, page, goto } = await openStudio(stack, { viewport: { width, height: 740 } });
    for (const path of [`/runs/${task_id}`, '/events?kind=refused']) {
      await goto(path);
      await page.getByText(LONG, { exact: true }).locator('visible=true').first().waitFor();
      const found = await page.evaluate<object[]>(`(${CUT})(${JSON.stringify([LONG])})`);
      expect([path, found]).toEqual([path, [{ name: LONG, shown: true, cut: false }]]);
    }
    await goto(`/agents/${id}`);
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    expect(await name.inputValue()).toBe(LONG);
    expect(
      await name.evaluate(
        (field: Record<'scrollWidth' | 'clientWidth' | 'scrollHeight' | 'clientHeight', number>) =>
          Math.max(field.scrollWidth - field.clientWidth, field.scrollHeight - field.clientHeight),
      ),
    ).toBeLessThanOrEqual(1);
    // One line, although it wraps.
    await name.press('End');
    await name.press('Enter');
    expect(await name.inputValue()).toBe(LONG);
    await context.close();
  },
);

test.each([360, 768])(
  'at %i px, an alert of a rule with a long name stays within the page',
  async (width) => {
    const name = 'FailuresOfTheNightShift'.repeat(4);
    const { body: rule } = await stack.request<{ id: string }>('POST', '/api/alert-rules', {
      name,
      type: 'first_failure',
    });
    const { id } = await stack.createAgent({ name: 'Fails', model: 'sandbox:echo' });
    const { token } = await stack.mintWebhook(id);
    await stack.poll((await stack.trigger(token, { sandbox: { steps: [{ fail: 'auth' }] } })).body.task_id);
    const { context, page, goto } = await openStudio(stack, { viewport: { width, height: 740 } });
    await goto('/alerts');
    await page.getByText('Fails').first().waitFor();
    const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(beyond)).toBeLessThanOrEqual(0);
    await context.close();
    await stack.request('DELETE', `/api/alert-rules/${rule.id}`);
  },
);
