import { beforeAll, expect } from '@jest/globals';
import { type Stack, sharedStack } from '../../index.js';
import { sharedBrowser } from '../browser.js';
import { test } from '../browser-test.js';
import { openStudio } from './open-studio.js';

const TEST_MS = 120_000;

/** The ready-made answers, by the text of their choice, and what each sends for `EVENT`. */
const SENDS: [choice: string, status: number, body: RegExp][] = [
  ['Nothing (204)', 204, /^$/],
  ['The answer as text', 200, /^Tom & <Jerry>\n$/],
  ['A thank-you page', 200, /<h1>Thank you, Ada &lt;b&gt;<\/h1>/],
  ['A page with the answer', 200, /<p>Tom &amp; &lt;Jerry&gt;<\/p>/],
  ['Slack: the answer in the modal', 200, /"text": "Tom & <Jerry>"/],
  ['Twilio: the answer as a message', 200, /<Message>Tom &amp; &lt;Jerry&gt;<\/Message>/],
];
const EVENT = { name: 'Ada <b>', sandbox: { reply: 'Tom & <Jerry>' } };

let stack: Stack;

beforeAll(async () => {
  stack = await sharedStack();
});

async function agentWithWebhook(fields: object = {}) {
  const { id } = await stack.createAgent({ name: 'Answers', ...fields });
  return { id, ...(await stack.mintWebhook(id)) };
}

test(
  'each ready-made answer is saved as chosen, and sent',
  async () => {
    const { id, token } = await agentWithWebhook();
    const { context, page, goto, seen } = await openStudio(stack);
    await goto(`/agents/${id}`);
    const section = page.getByRole('region', { name: 'Answer' });
    for (const [index, [choice, status, body]] of SENDS.entries()) {
      await section.getByRole('combobox', { name: 'Senders are answered with' }).click();
      await page.getByRole('option', { name: choice }).click();
      await page.getByRole('button', { name: /^Save as v/ }).click();
      await page.getByText(`Saved as v${index + 2}`).waitFor();
      const answer = await fetch(`${stack.url}/api/webhooks/agents/${token}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(EVENT),
      });
      expect([choice, answer.status, await answer.text()]).toEqual([
        choice,
        status,
        expect.stringMatching(body),
      ]);
    }
    expect(seen.problems).toEqual([]);
    await context.close();
  },
  TEST_MS,
);

test(
  'a page that an agent answers with runs no script, whatever its template lets through',
  async () => {
    const body = '<title>quiet</title>{{ payload.html | raw }}<p>shown</p>';
    const { webhook_url } = await agentWithWebhook({ response: { content_type: 'text/html', body } });
    const url = new URL(new URL(webhook_url).pathname, stack.url).href;
    const browser = await sharedBrowser();
    const context = await browser.newContext();
    const page = await context.newPage();
    // As a form on any page posts it.
    await page.setContent(
      `<form method="post" action="${url}"><input name="html"><button>Send</button></form>`,
    );
    await page
      .locator('input')
      .fill('<script>document.title = "ran"</script><img src="x" onerror="document.title = \'ran\'">');
    await page.getByRole('button').click();
    await page.getByText('shown').waitFor();
    expect([new URL(page.url()).origin, await page.title()]).toEqual([stack.url, 'quiet']);
    await context.close();
  },
  TEST_MS,
);
