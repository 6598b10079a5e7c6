import { createPrices, type LogEntry, type ModelOptions } from '@agenthook/contracts';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../../testing/attempt-input.js';
import { type ChatServer, calls, says, startChatServer } from '../../testing/chat-server.js';
import type { ToolKind } from '../../tools/tool.js';

let server: ChatServer;
beforeEach(async () => {
  server = await startChatServer();
});
afterEach(() => server.close());

const weather: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: ['weather', 'news'].map((name) => ({
      name,
      description: name,
      parameters: { type: 'object' },
      repeat_safe: true,
      execute: async () => Math.random(),
    })),
  }),
};

async function run(model: string, model_options: ModelOptions, wanted: Wanted = {}) {
  const settings = {
    openai_api_key: 'k',
    anthropic_api_key: 'k',
    google_api_key: 'k',
    openai_base_url: `${server.url}/v1`,
    anthropic_base_url: server.url,
    google_base_url: `${server.url}/v1beta`,
    ollama_base_url: server.url,
    priceOf: createPrices({ 'compatible:*': { input: 1, output: 10, flex: 0.5 } }),
  };
  const config = { ...wanted.config, model_options };
  return await runAgentWith(settings, { memory: weather })(attemptInput({ model, ...wanted, config }));
}

const notes = (log: LogEntry[]) => log.flatMap((entry) => (entry.type === 'note' ? [entry.text] : []));

const ALL: ModelOptions = {
  temperature: 0.25,
  top_p: 0.5,
  seed: 7,
  reasoning_effort: 'low',
  verbosity: 'high',
  service_tier: 'flex',
};
const google = {
  candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }],
};
const anthropic = {
  type: 'message',
  role: 'assistant',
  id: 'm',
  model: 'claude',
  content: [{ type: 'text', text: 'Hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 1, output_tokens: 1 },
};
const response = (service_tier: string) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'm',
  service_tier,
  output: [
    {
      type: 'message',
      id: 'msg_1',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
    },
  ],
  usage: { input_tokens: 1_000_000, output_tokens: 0 },
});

describe('the options of an agent', () => {
  test.each([
    [
      'compatible:m',
      says('Hi').body,
      {
        temperature: 0.25,
        top_p: 0.5,
        seed: 7,
        reasoning_effort: 'low',
        verbosity: 'high',
        service_tier: 'flex',
      },
      [],
    ],
    [
      'openai:gpt-5-mini',
      response('flex'),
      { reasoning: { effort: 'low' }, text: { verbosity: 'high' }, service_tier: 'flex' },
      ['temperature', 'top_p', 'seed'],
    ],
    [
      'openai:gpt-4.1',
      response('default'),
      { temperature: 0.25, top_p: 0.5 },
      ['seed', 'reasoning_effort', 'service_tier'],
    ],
    [
      'google:gemini-2.5-flash',
      google,
      {
        generationConfig: expect.objectContaining({
          temperature: 0.25,
          topP: 0.5,
          seed: 7,
          thinkingConfig: expect.objectContaining({ thinkingBudget: expect.any(Number) }),
        }),
        serviceTier: 'flex',
      },
      ['verbosity'],
    ],
    [
      'anthropic:claude-sonnet-4-5',
      anthropic,
      { thinking: expect.objectContaining({ type: 'enabled' }) },
      ['verbosity', 'service_tier', 'seed'],
    ],
  ])('reach %s, and those that it lacks are told', async (model, body, sent, lacking) => {
    server.respond({ body });
    const log: LogEntry[] = [];
    resultOf(await run(model, ALL, { log }));
    expect(server.bodies()[0]).toMatchObject(sent);
    for (const option of lacking) {
      expect(notes(log).join('\n')).toContain(
        `${model} was not asked with model_options.${option} as it is set.`,
      );
    }
  });

  test('are not sent where there are none', async () => {
    resultOf(await run('compatible:m', {}));
    expect(Object.keys(server.bodies()[0]).sort()).toEqual(['messages', 'model', 'stream', 'stream_options']);
  });
});

describe('tool_choice', () => {
  const withTools: Wanted = { config: { tools: [{ type: 'memory', name: 'm' }] } };
  const called = calls([{ id: 'c', function: { name: 'weather', arguments: '{}' } }]);

  test.each<[ModelOptions['tool_choice'], unknown, unknown]>([
    ['required', 'required', 'auto'],
    [{ tool: 'weather' }, { type: 'function', function: { name: 'weather' } }, 'auto'],
    ['none', 'none', 'none'],
    ['auto', 'auto', 'auto'],
  ])('%j holds for the first turn, or for all', async (tool_choice, first, later) => {
    server.respond(called);
    resultOf(await run('compatible:m', { tool_choice: tool_choice ?? 'auto' }, withTools));
    expect(server.bodies().map((body) => body.tool_choice)).toEqual([first, later]);
  });

  test('of a tool that is not there is told', async () => {
    const log: LogEntry[] = [];
    resultOf(await run('compatible:m', { tool_choice: { tool: 'wether' } }, { ...withTools, log }));
    expect(server.bodies()[0].tool_choice).toBe('auto');
    expect(notes(log)[0]).toMatch(/No tool is named "wether", only weather, news\.$/);
  });
});

describe('provider_options', () => {
  test.each([
    ['compatible:m', says('Hi').body, { top_k: 40, chat_template_kwargs: { enable_thinking: false } }],
    ['ollama:llama3.2', says('Hi').body, { keep_alive: '1h' }],
    ['openai:gpt-5-mini', response('default'), { prompt_cache_key: 'triage', truncation: 'auto' }],
    ['anthropic:claude-sonnet-4-5', anthropic, { thinking: { type: 'enabled', budget_tokens: 2048 } }],
    ['google:gemini-2.5-flash', google, { generationConfig: { topK: 5 }, labels: { team: 'a' } }],
  ])('of %s are fields of its requests', async (model, body, fields) => {
    server.respond({ body });
    const [provider = ''] = model.split(':');
    const other = { [provider === 'openai' ? 'anthropic' : 'openai']: { not_this: true } };
    resultOf(await run(model, { temperature: 0.5, provider_options: { [provider]: fields, ...other } }));
    expect(server.bodies()[0]).toMatchObject(fields);
    expect(JSON.stringify(server.bodies()[0])).not.toContain('not_this');
  });

  test('are merged with what the request already has', async () => {
    server.respond({ body: google });
    const provider_options = { google: { generationConfig: { topK: 5 } } };
    resultOf(await run('google:gemini-2.5-flash', { temperature: 0.5, provider_options }));
    expect(server.bodies()[0].generationConfig).toEqual({ temperature: 0.5, topK: 5 });
  });
});

describe('an option that the provider refuses', () => {
  const refuse = (message: string) =>
    server.respond({
      status: 400,
      text: JSON.stringify({ error: { message, type: 'invalid_request_error' } }),
    });

  test('is named', async () => {
    refuse("Unsupported value: 'temperature' does not support 0.25 with this model.");
    const { failure, retryable } = failureOf(await run('compatible:m', { temperature: 0.25, top_p: 1 }));
    expect(failure.error.code).toBe('model_refused');
    expect(failure.error.message).toMatch(/with this model\. Check model_options\.temperature\.$/);
    expect(retryable).toBe(false);
  });

  test('is named where it was passed through', async () => {
    refuse('Unrecognized request argument supplied: top_kk');
    const provider_options = { compatible: { top_kk: 1 } };
    const { failure } = failureOf(await run('compatible:m', { provider_options }));
    expect(failure.error.message).toMatch(/Check model_options\.provider_options\.compatible\.top_kk\.$/);
  });

  test('is not blamed for another refusal', async () => {
    refuse('The model m does not exist.');
    const { failure } = failureOf(await run('compatible:m', { temperature: 0.25 }));
    expect(failure.error.message).not.toContain('model_options');
  });
});

describe('the service tier', () => {
  test('that answered decides the price', async () => {
    server.respond({ body: response('flex') }, { body: response('default') });
    const cost = async () =>
      resultOf(await run('openai:gpt-5-mini', { service_tier: 'flex' })).usage.cost_usd;
    expect(await cost()).toBeCloseTo(0.125, 10);
    expect(await cost()).toBeCloseTo(0.25, 10);
  });

  test('of a chat completion decides it too', async () => {
    const usage = { prompt_tokens: 1_000_000, completion_tokens: 0, total_tokens: 1_000_000 };
    const body = { ...(says('Hi').body as object), service_tier: 'flex', usage };
    server.respond({ body });
    expect(resultOf(await run('compatible:m', { service_tier: 'flex' })).usage.cost_usd).toBeCloseTo(0.5, 10);
  });

  test('without capacity is a rate limit that passes', async () => {
    const error = { code: 'resource_unavailable', message: 'Flex capacity is not available.' };
    server.respond({ status: 429, headers: { 'retry-after': '7' }, text: JSON.stringify({ error }) });
    expect(failureOf(await run('openai:gpt-5-mini', { service_tier: 'flex' }))).toMatchObject({
      failure: { error: { code: 'model_rate_limited' } },
      retryable: true,
      retry_after_ms: 7_000,
    });
  });
});
