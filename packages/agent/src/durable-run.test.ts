import type { AgentConfig, AttemptOutcome, LogEntry } from '@agenthook/contracts';
import { type ModelServer, startOpenAiServer } from '@agenthook/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith } from './testing/attempt-input.js';
import type { OpenTool, ToolKind } from './tools/tool.js';

let server: ModelServer;
/** How often each tool's work was really started, over all attempts of a test. */
let begun: Record<string, number>;

beforeAll(async () => {
  server = await startOpenAiServer();
});
afterAll(() => server.close());

const parameters = { type: 'object', properties: {} };
const counting = (name: string, repeat_safe: boolean): OpenTool => ({
  name,
  description: name,
  parameters,
  repeat_safe,
  execute: async () => {
    begun[name] = (begun[name] ?? 0) + 1;
    return { [name]: begun[name] };
  },
});
const tools: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({ tools: [counting('charge', false), counting('look', true)] }),
};
const config: Partial<AgentConfig> = { tools: [{ type: 'memory', name: 't' }] };
const SCRIPT = [
  { tool_calls: [{ id: 'a', name: 'charge', arguments: {} }] },
  { tool_calls: [{ id: 'b', name: 'look', arguments: {} }] },
  { text: 'Done.', usage: { input_tokens: 10, output_tokens: 1 } },
];

const run = (log: LogEntry[], url: string, input = attemptInput({ model: 'compatible:m', config, log })) =>
  runAgentWith({ openai_base_url: url }, { memory: tools })(input);

/** Runs an attempt whose process "dies" just before it can write its nth entry (0: the first). */
async function attemptThatDies(
  log: LogEntry[],
  url: string,
  atEntry: number,
): Promise<AttemptOutcome | 'died'> {
  const input = attemptInput({ model: 'compatible:m', config, log });
  const { append } = input.log;
  let written = 0;
  input.log.append = async (...entries) => {
    written += entries.length;
    if (written > atEntry) throw new Error('killed');
    await append(...entries);
  };
  return await run(log, url, input).catch(() => 'died' as const);
}

/** The model's tool result messages, in order. */
const toolMessages = (body: { messages?: { role: string; content: string }[] } | undefined): string[] =>
  (body?.messages ?? []).filter(({ role }) => role === 'tool').map(({ content }) => content);

/**
 * The entries of an uninterrupted run: prompt and turn in one, start and end of a call, turn, start, end,
 * turn.
 */
const ENTRIES = 8;

describe('a run that died resumes where it was', () => {
  test.each(Array.from({ length: ENTRIES + 1 }, (_, n) => [n]))('before its entry %i', async (atEntry) => {
    begun = {};
    const [dying, living] = await Promise.all([startOpenAiServer(), startOpenAiServer()]);
    const log: LogEntry[] = [];
    dying.respond(...SCRIPT);
    await attemptThatDies(log, dying.url, atEntry);
    expect(log).toHaveLength(atEntry === 1 ? 0 : atEntry);
    const known = structuredClone(log);

    const turns = known.filter(({ type }) => type === 'turn').length;
    living.respond(...SCRIPT.slice(turns));
    const outcome = resultOf(await run(log, living.url));
    await Promise.all([dying.close(), living.close()]);

    expect(outcome).toMatchObject({ answer: 'Done.', steps: 3 });
    expect(living.requests).toHaveLength(SCRIPT.length - turns);
    const inFlight = (name: string) =>
      known.some(
        (entry) =>
          entry.type === 'tool_started' &&
          entry.name === name &&
          !known.some((end) => end.type === 'tool_finished' && end.call === entry.call),
      );
    // A resumed run sends the model byte-identical messages about earlier calls.
    const [before, after] = [dying, living].map(({ requests }) => toolMessages(requests.at(-1)?.body));
    if (atEntry === ENTRIES - 1) {
      expect(before).toEqual([expect.stringContaining('{"charge":1}</data-'), expect.any(String)]);
      expect(after).toEqual(before);
    }
    const [charge, look] = outcome.tool_calls;
    // A charge is made once. If the outcome is unknown, the model is told so.
    expect(begun.charge).toBe(1);
    if (inFlight('charge')) expect(charge?.error).toMatch(/not known/);
    else expect(charge).toMatchObject({ result: { charge: 1 }, error: null });
    // A lookup may be repeated, and is if its outcome is unknown.
    expect(begun.look).toBe(inFlight('look') ? 2 : 1);
    expect(look?.error).toBeNull();
  });
});

test('turns and calls in the journal are neither repeated nor counted twice', async () => {
  begun = {};
  const log: LogEntry[] = [];
  server.respond(...SCRIPT);
  const first = resultOf(await run(log, server.url));
  const requests = server.requests.length;
  const second = resultOf(await run(log, server.url));
  expect(second).toEqual(first);
  expect(server.requests).toHaveLength(requests);
  expect(begun).toEqual({ charge: 1, look: 1 });
});

describe('budgets', () => {
  const limited = (limits: Partial<AgentConfig['limits']>, model = 'compatible:m') =>
    runAgentWith(
      { openai_base_url: server.url, openai_api_key: 'k' },
      { memory: tools },
    )(attemptInput({ model, config, limits }));
  const loops = {
    tool_calls: [{ name: 'look', arguments: {} }],
    usage: { input_tokens: 60, output_tokens: 40 },
  };

  test('tokens are checked before each model call, and finished work is kept', async () => {
    begun = {};
    server.respond(loops, loops);
    const before = server.requests.length;
    const { failure, retryable } = failureOf(await limited({ max_total_tokens: 200 }));
    expect(failure).toMatchObject({ error: { code: 'budget_exhausted' }, usage: { total_tokens: 200 } });
    expect(failure.tool_calls).toHaveLength(2);
    expect(retryable).toBe(false);
    expect(server.requests.length - before).toBe(2);
    expect(server.requests.at(-1)?.body).not.toHaveProperty('max_tokens');
  });

  test('cost is counted from the price list', async () => {
    begun = {};
    server.respond(loops, loops);
    const { failure } = failureOf(await limited({ max_cost_usd: 0.00015 }, 'openai:gpt-5-mini'));
    expect(failure.error.code).toBe('budget_exhausted');
    expect(failure.usage.cost_usd).toBeCloseTo((2 * (60 * 0.25 + 40 * 2)) / 1_000_000, 10);
  });

  test('steps', async () => {
    begun = {};
    server.respond(loops, loops);
    expect(failureOf(await limited({ max_steps: 2 })).failure).toMatchObject({
      error: { code: 'max_steps' },
      tool_calls: [{ name: 'look' }, { name: 'look' }],
    });
  });
});

describe('fallback models', () => {
  const chain = (fallback_models: string[], log?: LogEntry[]) =>
    runAgentWith(
      { openai_base_url: server.url, openai_api_key: 'k' },
      { memory: tools },
    )(
      attemptInput({
        model: 'anthropic:not-configured',
        config: { ...config, fallback_models },
        ...(log && { log }),
      }),
    );

  test('take over in order, and the result names the one that answered', async () => {
    server.respond({ status: 503 }, { text: 'Here.' });
    const result = resultOf(await chain(['compatible:first', 'compatible:second']));
    expect(result).toMatchObject({ answer: 'Here.', model: 'compatible:second' });
    expect(server.requests.slice(-2).map(({ body }) => body.model)).toEqual(['first', 'second']);
  });

  test('stay in use once they have answered, also in a resumed run', async () => {
    const log: LogEntry[] = [];
    begun = {};
    server.respond({ status: 503 }, SCRIPT[0] ?? {}, { status: 500 }, { status: 503 });
    const failure = failureOf(await chain(['compatible:first', 'compatible:second'], log));
    expect(failure).toMatchObject({ retryable: true, failure: { error: { code: 'model_unavailable' } } });
    server.respond({ text: 'Here.' });
    const before = server.requests.length;
    expect(resultOf(await chain(['compatible:first', 'compatible:second'], log)).answer).toBe('Here.');
    expect(server.requests.slice(before).map(({ body }) => body.model)).toEqual(['second']);
  });

  test('that all fail leave the most hopeful failure', async () => {
    server.respond({ status: 429, headers: { 'retry-after': '7' } }, { status: 400 });
    expect(failureOf(await chain(['compatible:a', 'compatible:b']))).toMatchObject({
      retryable: true,
      retry_after_ms: 7_000,
      failure: { error: { code: 'model_rate_limited' } },
    });
  });
});

describe('an output schema', () => {
  const output_schema = {
    type: 'object',
    properties: { label: { enum: ['bug', 'wish'] } },
    required: ['label'],
    additionalProperties: false,
  };
  const asked = (model = 'compatible:m') =>
    runAgentWith({ openai_base_url: server.url, openai_api_key: 'k' })(
      attemptInput({ model, config: { output_schema } }),
    );

  test.each(['compatible:m', 'openai:gpt-5-mini'])(
    'gives output that validates, through %s',
    async (model) => {
      server.respond({ text: '{"label": "bug"}' });
      expect(resultOf(await asked(model))).toMatchObject({ output: { label: 'bug' }, steps: 1 });
      const request = JSON.stringify(server.requests.at(-1)?.body);
      expect(request).toMatch(/json_object|json_schema/);
      expect(request).toContain('additionalProperties');
    },
  );

  test('may be missed once', async () => {
    server.respond({ text: '```json\n{"label": "hat"}\n```' }, { text: '```json\n{"label": "wish"}\n```' });
    expect(resultOf(await asked())).toMatchObject({ output: { label: 'wish' }, steps: 2 });
    expect(JSON.stringify(server.requests.at(-1)?.body)).toContain('/label');
  });

  test('but not twice', async () => {
    server.respond({ text: 'no JSON' }, { text: 'still none' });
    const { failure, retryable } = failureOf(await asked());
    expect(failure).toMatchObject({ error: { code: 'invalid_output' }, answer: 'still none' });
    expect(retryable).toBe(false);
  });
});
