import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { cpuMilliseconds } from '../bench/machine.js';
import { type ModelServer, type Script, startOpenAiServer, type TaskBody } from '../index.js';
import { startHttpServer } from '../tool-servers/http-server.js';
import { mcpRoute } from '../tool-servers/mcp-server.js';
import { type Arena, startArena } from './arena.js';
import { times } from './wire.js';

/** Hostile model answers, from a server and the sandbox, and what they cost the tasks beside them. */

let model: ModelServer;
let arena: Arena;
beforeAll(async () => {
  model = await startOpenAiServer();
  arena = await startArena('model answers', {
    env: { OPENAI_BASE_URL: model.url, OPENAI_API_KEY: 'sk-of-nobody-0123456789' },
  });
});
afterAll(async () => {
  await arena?.stop();
  await model?.close();
});

/** Runs one task of its own agent to its end. */
async function run(agent: Record<string, unknown>, payload: unknown): Promise<TaskBody> {
  const { id } = await arena.stack.createAgent({ name: 'Target', limits: { max_attempts: 1 }, ...agent });
  const { token } = await arena.stack.mintWebhook(id);
  const { body } = await arena.stack.trigger(token, payload);
  return arena.stack.poll(body.task_id, { timeoutMs: 45_000 });
}

/** The same with a scripted model answer, which is repeated if it is asked to correct its form. */
function told(agent: Record<string, unknown>, script: Script, payload: unknown = {}): Promise<TaskBody> {
  model.forget();
  model.respond(script, script);
  return run({ model: 'compatible:test-model', ...agent }, payload);
}

const anyJson = { output_schema: { type: 'object' } };
const ofString = (schema: object) => ({
  output_schema: { type: 'object', properties: { s: { type: 'string', ...schema } }, required: ['s'] },
});

describe('an answer that is not JSON ends invalid_output at once', () => {
  test.each<[string, string]>([
    ['a fence and 20,000 newlines', `\`\`\`${'\n'.repeat(20_000)}`],
    ['a json fence and 20,000 newlines', `\`\`\`json\n${'\n'.repeat(20_000)}`],
    ['a fence, 20,000 newlines, and more', `\`\`\`json${'\n'.repeat(20_000)}x`],
    ['20,000 spaces before a fence', `${' '.repeat(20_000)}\`\`\`json\n${' '.repeat(20_000)}`],
    ['a fence and 20,000 spaces of other kinds', `\`\`\`json\n${'\r\n\t\u00a0\u2028'.repeat(5_000)}`],
    ['7,000 fences', '```json\n'.repeat(7_000)],
    ['a million backticks', '`'.repeat(1_000_000)],
    ['100,000 opening brackets', '['.repeat(100_000)],
    ['100,000 quotes', '{"a":"'.repeat(100_000)],
  ])('%s', async (name, text) => {
    const bySandbox = await arena.beside(`the sandbox replies ${name}`, 'run', () =>
      run({ model: 'sandbox:echo', ...anyJson }, { sandbox: { reply: text } }),
    );
    const byModel = await arena.beside(`a model answers ${name}`, 'run', () => told(anyJson, { text }));
    for (const task of [bySandbox, byModel])
      expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'invalid_output' } } });
  });
});

test('an answer with half a million calls that are none', async () => {
  const calls = Array(500_000).fill(0).join();
  const raw = `{"choices":[{"message":{"role":"assistant","content":"","tool_calls":[${calls}]}}]}`;
  const task = await arena.beside('half a million calls that are none', 'run', () => told({}, { raw }));
  expect(task).toMatchObject({ status: 'FAILURE', result: { error: { code: 'model_empty' } } });
});

describe('a schema of the agent’s that is slow to check an answer by', () => {
  const a30b = `${'a'.repeat(40)}b`;
  test.each<[string, Record<string, unknown>, unknown]>([
    ['^(a+)+$', ofString({ pattern: '^(a+)+$' }), { s: a30b }],
    ['(.*a){20}', ofString({ pattern: '^(.*a){25}$' }), { s: 'a'.repeat(60_000) }],
    [
      'patternProperties',
      { output_schema: { type: 'object', patternProperties: { '^(a+)+$': { type: 'string' } } } },
      { [a30b]: 'x' },
    ],
    [
      'required of 2,000 names, for each of 900 items',
      { output_schema: { type: 'array', items: { required: times(2_000, (n) => n.toString(36)) } } },
      times(900, () => ({})),
    ],
    [
      'uniqueItems of 40,000 objects',
      { output_schema: { type: 'array', uniqueItems: true } },
      times(40_000, (n) => ({ n })),
    ],
  ])('%s', async (name, agent, output) => {
    const text = JSON.stringify(output);
    const task = await arena.beside(`output_schema: ${name}`, 'run', () => told(agent, { text }));
    expect(task.status === 'SUCCESS' || task.result.error.code).toEqual(
      task.status === 'SUCCESS' ? true : 'invalid_output',
    );
  });
});

describe('model text that ends up in an error or a log', () => {
  const MANY = 40_000;
  test.each<[string, string]>([
    ['a letter', 'a'.repeat(MANY)],
    ['slashes', '/a'.repeat(MANY / 2)],
    ['newlines', '\n'.repeat(MANY)],
    ['the beginning of addresses', 'a:'.repeat(MANY / 2)],
    ['addresses', 'http://a'.repeat(MANY / 8)],
    ['the beginning of keys', 'sk-'.repeat(MANY / 3)],
    ['Bearer', 'Bearer '.repeat(MANY / 7)],
    ['file names', 'file:///a.'.repeat(MANY / 10)],
    ['spaces', `${' '.repeat(MANY)}x`],
    ['question marks', '?key='.repeat(MANY / 5)],
  ])('a tool’s name of 40 KB: %s', async (name, toolName) => {
    const tools = [{ type: 'memory', name: 'notes' }];
    const task = await arena.beside(`a tool’s name of 40 KB of ${name}`, 'run', () =>
      told({ tools }, { tool_calls: [{ name: toolName, arguments: {} }] }),
    );
    expect(JSON.stringify(task).length).toBeLessThan(200_000);
  });

  test('an error answer of 200 KB from a provider', async () => {
    const body = {
      error: { message: 'a:/'.repeat(70_000), type: 'a'.repeat(10_000), code: '\n'.repeat(10_000) },
    };
    const task = await arena.beside('a provider’s error of 200 KB', 'run', () =>
      told({}, { status: 400, body }),
    );
    expect(task.status).toBe('FAILURE');
    expect(task.result.error.message.length).toBeLessThan(1_000);
  });
});

describe('templates over a payload', () => {
  const rows = (count: number) => times(count, (n) => ({ n, name: `row ${n}` }));
  test.each<[string, string, unknown]>([
    ['a range of 19 million', '{% for i in (1..payload.n) %}{% endfor %}', { n: 19_000_000 }],
    ['sort_natural', '{{ payload.s | split: " " | sort_natural | size }}', { s: 'a '.repeat(450_000) }],
    [
      'nested loops',
      '{% for a in payload.rows %}{% for b in payload.rows %}x{% endfor %}{% endfor %}',
      { rows: rows(9_000) },
    ],
    [
      'a text that doubles',
      `{% assign s = payload.s %}${'{% assign s = s | append: s %}'.repeat(30)}{{ s | size }}`,
      { s: 'xy' },
    ],
    ['a long date format', '{{ "now" | date: payload.f | size }}', { f: '%c'.repeat(400_000) }],
    ['strip_html', '{{ payload.s | strip_html | size }}', { s: '<!--<script'.repeat(80_000) }],
  ])('%s', async (name, input_template, payload) => {
    await arena.beside(`a run’s template: ${name}`, 'run', () =>
      run({ model: 'sandbox:echo', input_template }, payload),
    );
    expect(arena.stack.workers.map(({ exit }) => exit())).toEqual([undefined]);
  });

  test('filters that would evaluate payload text do not exist', async () => {
    for (const filter of [
      'where_exp',
      'reject_exp',
      'group_by_exp',
      'has_exp',
      'find_exp',
      'find_index_exp',
    ]) {
      const input_template = `{{ payload.rows | ${filter}: "i", payload.e }}`;
      const { status, body } = await arena.stack.request('POST', '/api/agents', {
        name: 'x',
        input_template,
      });
      expect([filter, status, body.code]).toEqual([filter, 422, 'invalid_template']);
    }
  });
});

test('an MCP server with 60 tools of 46 KB each', async () => {
  const shape = Object.fromEntries(
    times(500, (n) => [`field_${n}`, z.string().describe('What this field is for, in words.')]),
  );
  const serve = mcpRoute((server) => {
    for (const name of times(60, (n) => `tool_${n}`))
      server.registerTool(name, { inputSchema: shape }, () => ({
        content: [{ type: 'text', text: 'done' }],
      }));
  });
  const server = await startHttpServer((call, response) => serve(call, response));
  try {
    const tools = [{ type: 'mcp', name: 'srv', url: `${server.url}/mcp` }];
    const task = await arena.beside('60 tools of an MCP server, of 46 KB each', 'run', () =>
      told({ tools }, { text: 'No call.' }),
    );
    // Too much for a model: refused with a message, or left out.
    const end = task.status === 'SUCCESS' ? 'SUCCESS' : task.result.error.code;
    expect(['SUCCESS', 'tool_failed']).toContain(end);
  } finally {
    await server.close();
  }
});

test('a tool that is never called costs a run next to nothing', async () => {
  const { stack } = arena;
  const pid = stack.workers[0]?.pid as number;
  const cost = async (tools: object[], count: number) => {
    const { id } = await stack.createAgent({ name: 'Measured', model: 'sandbox:echo', tools });
    const { token } = await stack.mintWebhook(id);
    const runs = async (n: number) => {
      const sent = await Promise.all(times(n, () => stack.trigger(token, { sandbox: { reply: 'ok' } })));
      for (const { body } of sent) await stack.poll(body.task_id, { everyMs: 5 });
    };
    await runs(10);
    const before = cpuMilliseconds(pid);
    await runs(count);
    return (cpuMilliseconds(pid) - before) / count;
  };
  const without = await cost([], 100);
  const withTools = await cost(
    [
      { type: 'memory', name: 'notes' },
      {
        type: 'http',
        name: 'call',
        url: 'http://127.0.0.1/',
        parameters: { type: 'object', properties: { id: { type: 'string' } } },
      },
    ],
    100,
  );
  // Both are ms of the worker's CPU. Both include the bystander's runs.
  console.log(
    `worker CPU a run: ${without.toFixed(1)} ms without tools, ${withTools.toFixed(1)} ms with two`,
  );
  expect(withTools).toBeLessThan(3 * without + 5);
});
