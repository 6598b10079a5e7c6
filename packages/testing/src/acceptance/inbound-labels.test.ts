import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Stack, sendRaw, sharedStack } from '../index.js';

/** Wrong or odd labels, as bytes over a socket. The content decides, and nothing in it is changed. */

let stack: Stack;
let token: string;

beforeAll(async () => {
  stack = await sharedStack();
  const { id } = await stack.createAgent({ name: 'Labels', input_template: '{{ headers | json }}' });
  ({ token } = await stack.mintWebhook(id));
});
afterAll(() => stack?.stop());

/** Sends a request whose characters are bytes. Returns its task's trace, which must contain no U+FFFD. */
async function traceOf(head: string[], body: string, query = ''): Promise<Record<string, unknown>> {
  const lines = [
    `POST /api/webhooks/agents/${token}${query} HTTP/1.1`,
    'Host: hooks.example.com',
    ...head,
    `Content-Length: ${body.length}`,
  ];
  const answer = await sendRaw(stack.url, Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
  expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('task_id')]);
  const { task_id } = JSON.parse(answer.body) as { task_id: string };
  await stack.poll(task_id);
  const trace = (await stack.request('GET', `/api/tasks/${task_id}`)).body;
  expect(JSON.stringify(trace)).not.toContain('\ufffd');
  return trace;
}

const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');
const DOTNET = '<?xml version="1.0" encoding="utf-16"?><order>Zoë</order>';
const FORM = 'application/x-www-form-urlencoded';

test.each<[string, string, string, unknown]>([
  ['XML of .NET in UTF-8', 'application/xml', bytesOf(DOTNET), DOTNET],
  ['a form that is called UTF-16', `${FORM}; charset=utf-16`, 'name=Zo%C3%AB&id=1', { name: 'Zoë', id: '1' }],
  ['a form whose header came twice', `${FORM}, ${FORM}`, 'a=1', { a: '1' }],
  ['UTF-8 that is called ASCII', 'application/json; charset=us-ascii', bytesOf('{"a":"Zoë"}'), { a: 'Zoë' }],
  ['a label in single quotes', "application/json; charset='iso-8859-1'", '{"a":"Zo\xeb"}', { a: 'Zoë' }],
  [
    'a multipart form in Latin-1',
    'multipart/form-data; charset=iso-8859-1; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nZo\xeb\r\n--x--\r\n',
    { a: 'Zoë' },
  ],
  [
    'a file name that its charset does not have',
    'multipart/form-data; boundary=x',
    `--x\r\nContent-Disposition: form-data; name="f"; filename*=UTF-8''Zo%EB.txt\r\n\r\nhi\r\n--x--\r\n`,
    { f: { filename: 'Zo%EB.txt', media_type: 'application/octet-stream', bytes: 2, text: 'hi' } },
  ],
])('%s', async (_name, type, body, payload) => {
  expect(await traceOf([`Content-Type: ${type}`], body)).toMatchObject({ payload });
});

test('a charset as Content-Encoding, headers in UTF-8, and a key in the URL', async () => {
  const head = ['Content-Encoding: UTF-8', bytesOf('X-Customer: Zoë'), 'Content-Type: application/json'];
  const trace = await traceOf(head, bytesOf('{"a":"Zoë"}'), '?api_key=s3cret&source=crm');
  expect(trace).toMatchObject({
    payload: { a: 'Zoë' },
    headers: { 'x-customer': 'Zoë' },
    query: { source: 'crm' },
  });
  expect(JSON.stringify(trace)).not.toContain('s3cret');
});

test('a query that cannot be decoded stays as it was sent, beside its event', async () => {
  const trace = await traceOf(['Content-Type: application/json'], '{"a":1}', '?a=%ff&__proto__=x&b=Zo%C3%AB');
  expect(trace).toMatchObject({ payload: { a: 1 }, query: { a: '%ff', b: 'Zoë' } });
});
