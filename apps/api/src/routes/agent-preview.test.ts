import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testApp } from '../../test/app.js';

let env: Awaited<ReturnType<typeof testApp>>;
let url: string;
const post = (payload: object) => env.admin({ method: 'POST', url: `${url}/preview`, payload });

beforeAll(async () => {
  env = await testApp();
  const agent = {
    name: 'Triage',
    system_prompt: 'You are {{ agent.name }}.',
    input_template: 'Q: {{ payload.q }}',
    tools: [{ type: 'http', name: 'crm', url: 'https://crm.example.com', secrets: { key: 'hunter2' } }],
  };
  const { id } = (await env.admin({ method: 'POST', url: '/api/agents', payload: agent })).json();
  url = `/api/agents/${id}`;
});
afterAll(() => env?.close());

describe('POST /api/agents/{id}/preview', () => {
  test('shows what the agent would send now, with data in tags that the system prompt explains', async () => {
    const answer = await post({ payload: { q: 'Why?' } });
    expect(answer.statusCode).toBe(200);
    const { system, user } = answer.json();
    const tag = /^Q: <(data-[0-9a-f]{12})>Why\?<\/\1>$/.exec(user)?.[1];
    expect(system).toMatch(/^You are Triage\.\n\nText between/);
    expect(system).toContain(`<${tag}>`);
  });

  test('shows what a draft would send, and saves nothing', async () => {
    const draft = {
      name: 'Sorter',
      system_prompt: '{{ agent.name }} v{{ agent.version }}, try {{ task.attempt }}',
      input_template: '{{ headers.x-kind }} {{ payload }}{{ secrets.key }}',
      output_schema: { type: 'object', required: ['label'] },
    };
    const { system, user } = (await post({ ...draft, payload: [1], headers: { 'x-kind': 'bug' } })).json();
    expect(system).toMatch(/^Sorter v1, try 1\n\nAnswer only with JSON .+\n.+\n\nText between/);
    expect(system).toContain('"required":["label"]');
    expect(user).toMatch(/^<(data-\w+)>bug<\/\1> <\1>\[1\]<\/\1>$/);
    expect((await env.admin({ url })).json()).toMatchObject({ name: 'Triage', version: 1 });
  });

  test('sends the payload as JSON if the template renders to nothing', async () => {
    expect((await post({ input_template: '', payload: 'hi' })).json().user).toMatch(/^<data-\w+>"hi"</);
  });

  test.each([
    ['does not parse', { system_prompt: 'a\n {% if payload %}' }, '/system_prompt', 2, 2],
    [
      'never ends',
      {
        input_template: '{% for a in (1..9999999) %}{% for b in (1..9999999) %}{{b}}{% endfor %}{% endfor %}',
      },
      '/input_template',
      1,
      1,
    ],
  ])('reports the position in a template that %s', async (_what, draft, path, line, column) => {
    const answer = await post({ ...draft, payload: {} });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'invalid_template', errors: [{ path, line, column }] });
  });

  test('refuses a body without a payload, unknown fields, and unknown agents', async () => {
    expect((await post({})).json().errors).toEqual([{ path: '/payload', message: 'is required' }]);
    expect((await post({ payload: 1, tools: [] })).statusCode).toBe(400);
    const unknown = await env.admin({
      method: 'POST',
      url: '/api/agents/agt_1/preview',
      payload: { payload: 1 },
    });
    expect(unknown.json().code).toBe('unknown_agent');
  });

  test('is for operators', async () => {
    const body = { method: 'POST', url: `${url}/preview`, payload: { payload: 1 } } as const;
    expect((await (await env.as('viewer')).send(body)).statusCode).toBe(403);
    expect((await (await env.as('operator', { see_payloads: false })).send(body)).statusCode).toBe(200);
  });
});

test('a version says whose key saved it', async () => {
  const { send } = await env.as('admin');
  const saved = await send({ method: 'PATCH', url, payload: { description: 'd' } });
  expect(saved.json()).toMatchObject({ version: 2, saved_by: 'a admin' });
  const { versions } = (await env.admin({ url: `${url}/versions` })).json();
  expect(versions.map((v: { saved_by: string }) => v.saved_by)).toEqual(['a admin', 'ADMIN_API_KEY']);
});
