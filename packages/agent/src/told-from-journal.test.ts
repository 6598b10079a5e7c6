import type { AgentConfig, AttemptOutcome, LogEntry } from '@agenthook/contracts';
import { type ModelServer, startOpenAiServer } from '@agenthook/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { attemptInput, resultOf, runAgentWith } from './testing/attempt-input.js';
import { type Register, startMcpServer, type TestMcpServer } from './testing/mcp-server.js';
import { mcpTool } from './tools/mcp.js';

// A task runs in two attempts, on a real MCP server that changes between them.

let models: ModelServer;
let server: TestMcpServer;
let offers: Register;
let booked: unknown[];

beforeEach(async () => {
  booked = [];
  models = await startOpenAiServer();
  server = await startMcpServer('http', (mcp, die) => offers(mcp, die));
});
afterEach(() => Promise.all([models.close(), server.close()]));

/** Offers these tools from the next session on; each books. */
const offer = (...tools: { name: string; argument?: string; description?: string }[]) => {
  offers = (mcp) => {
    for (const { name, argument = 'seat', description = 'Books.' } of tools) {
      mcp.registerTool(name, { description, inputSchema: { [argument]: z.number() } }, (args) => {
        booked.push({ [name]: args });
        return { content: [{ type: 'text', text: `${name} done` }] };
      });
    }
  };
};

type McpConfig = Partial<Extract<AgentConfig['tools'][number], { type: 'mcp' }>>;

const inputOf = (log: LogEntry[], attempt: number, more: McpConfig) =>
  attemptInput({
    model: 'compatible:m',
    log,
    attempt,
    config: { tools: [{ type: 'mcp', name: 'srv', url: server.url, pin: false, ...more }] },
  });

const run = (input: ReturnType<typeof inputOf>): Promise<AttemptOutcome> =>
  runAgentWith({ openai_base_url: models.url }, { mcp: mcpTool })(input);

/** An attempt whose process dies just before it writes an entry of this type for the nth time. */
async function dyingAt(log: LogEntry[], type: LogEntry['type'], nth = 1, more: McpConfig = {}) {
  const input = inputOf(log, 1, more);
  const { append } = input.log;
  let seen = 0;
  input.log.append = async (...entries) => {
    seen += entries.filter((entry) => entry.type === type).length;
    if (seen >= nth) throw new Error('killed');
    await append(...entries);
  };
  await run(input).catch(() => undefined);
  return structuredClone(log);
}

const call = (name: string, args: unknown = { seat: 7 }, id = 'c1') => ({
  tool_calls: [{ id, name, arguments: args }],
});
const lastBody = () =>
  models.requests.at(-1)?.body as { messages: unknown[]; tools: { function: unknown }[] };
const told = () => JSON.stringify(lastBody().messages);

describe('the model gets a finished call from the journal', () => {
  test.each<[string, () => void]>([
    ['is renamed', () => offer({ name: 'book_v2' })],
    ['is removed', () => offer({ name: 'look' })],
    ['takes other arguments', () => offer({ name: 'book', argument: 'row' })],
  ])('though its tool %s before the next attempt', async (_how, change) => {
    offer({ name: 'book' });
    models.respond(call('srv_book'), { text: 'unused' });
    const log = await dyingAt([], 'turn', 2);
    expect(booked).toEqual([{ book: { seat: 7 } }]);

    change();
    models.respond({ text: 'Booked.' });
    const result = resultOf(await run(inputOf(log, 2, {})));
    expect(result).toMatchObject({
      answer: 'Booked.',
      tool_calls: [{ name: 'srv_book', result: 'book done', error: null }],
    });
    expect(booked).toHaveLength(1);
    expect(told()).toContain('book done');
    expect(told()).not.toContain('unavailable');
    // A provider refuses a history with tools that the request does not define.
    expect(lastBody().tools).toContainEqual(
      expect.objectContaining({ function: expect.objectContaining({ name: 'srv_book' }) }),
    );
  });

  test('and an interrupted one as unknown, not as unavailable', async () => {
    offer({ name: 'book' });
    models.respond(call('srv_book'), { text: 'unused' });
    const log = await dyingAt([], 'tool_finished', 1, { repeat_safe: true });

    offer({ name: 'book_v2' });
    models.respond({ text: 'I do not know.' });
    resultOf(await run(inputOf(log, 2, { repeat_safe: true })));
    expect(booked).toEqual([{ book: { seat: 7 } }]);
    expect(told()).toContain('not known whether it took effect');
  });

  test('while a new call of it fails with a word to the model', async () => {
    offer({ name: 'book' });
    models.respond(call('srv_book'), { text: 'unused' });
    const log = await dyingAt([], 'turn', 2);
    offer({ name: 'book_v2' });
    models.respond(call('srv_book', { seat: 8 }, 'c2'), { text: 'Well.' });
    const result = resultOf(await run(inputOf(log, 2, {})));
    expect(result.tool_calls[1]).toMatchObject({ error: expect.stringContaining('no longer available') });
    expect(booked).toHaveLength(1);
  });

  test('also from a log of an older version, which has no definitions', async () => {
    offer({ name: 'book' });
    models.respond(call('srv_book'), { text: 'unused' });
    const log = await dyingAt([], 'turn', 2);
    for (const entry of log) if (entry.type === 'tool_started') delete entry.tool;
    offer({ name: 'look' });
    models.respond({ text: 'Booked.' });
    expect(resultOf(await run(inputOf(log, 2, {}))).tool_calls[0]).toMatchObject({ result: 'book done' });
    expect(booked).toHaveLength(1);
  });

  test('a name means the same tool in every attempt, in whatever order a server lists its tools', async () => {
    const [one, other] = [{ name: 'a.b' }, { name: 'a..b' }];
    offer(one, other);
    models.respond(call('srv_a_b'), { text: 'unused' });
    const log = await dyingAt([], 'tool_finished', 1, { repeat_safe: true });
    booked = [];
    offer(other, one);
    models.respond({ text: 'Done.' });
    resultOf(await run(inputOf(log, 2, { repeat_safe: true })));
    expect(booked).toEqual([{ 'a.b': { seat: 7 } }]);
  });

  test('the journal keeps a definition once, and none that is long', async () => {
    offer({ name: 'book' });
    const log: LogEntry[] = [];
    models.respond(call('srv_book'), call('srv_book', { seat: 8 }, 'c2'), { text: 'Done.' });
    resultOf(await run(inputOf(log, 1, {})));
    const kept = (entries: LogEntry[]) =>
      entries.flatMap((entry) => (entry.type === 'tool_started' ? [entry.tool] : []));
    expect(kept(log)).toEqual([
      { from: 'srv/book', definition: { description: 'Books.', parameters: expect.any(Object) } },
      undefined,
    ]);

    offers = (mcp) => {
      const inputSchema = { seat: z.number().describe('x'.repeat(20_000)) };
      mcp.registerTool('book', { inputSchema }, () => ({ content: [] }));
    };
    const long: LogEntry[] = [];
    models.respond(call('srv_book'), { text: 'Done.' });
    resultOf(await run(inputOf(long, 1, {})));
    expect(kept(long)).toEqual([{ from: 'srv/book' }]);
  });
});

describe('max_calls', () => {
  test('counts parallel calls, and calls of earlier attempts', async () => {
    offer({ name: 'book' });
    const calls = [1, 2, 3].map((seat) => ({ id: `p${seat}`, name: 'srv_book', arguments: { seat } }));
    models.respond({ tool_calls: calls }, { text: 'unused' });
    const log = await dyingAt([], 'turn', 2, { max_calls: 2 });
    expect(booked).toHaveLength(2);

    models.respond(call('srv_book', { seat: 4 }, 'c4'), { text: 'Two.' });
    const { tool_calls } = resultOf(await run(inputOf(log, 2, { max_calls: 2 })));
    expect(booked).toHaveLength(2);
    expect(tool_calls.map(({ error }) => error)).toEqual([
      null,
      null,
      ...Array(2).fill(expect.stringContaining('may be called 2 times in one task')),
    ]);
    expect(told()).toContain('may be called 2 times');
  });
});
