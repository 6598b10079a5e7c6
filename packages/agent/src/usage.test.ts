import type { LogEntry, PriceFile } from '@agenthook/contracts';
import { createPrices } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from './testing/attempt-input.js';
import { type ChatServer, calls, says, startChatServer } from './testing/chat-server.js';
import type { ToolKind } from './tools/tool.js';

const OWN: PriceFile = { 'compatible:*': { input: 2, cached_input: 0.2, cache_write: 2.5, output: 10 } };

const counter: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: [
      {
        name: 'count',
        description: 'Counts.',
        parameters: { type: 'object' },
        repeat_safe: true,
        execute: async () => Math.random(),
      },
    ],
  }),
};

/** One attempt against a server that sends these bodies, one per turn. */
async function run(model: string, bodies: unknown[], wanted: Wanted = {}, own: PriceFile = OWN) {
  const server: ChatServer = await startChatServer();
  server.respond(...bodies.map((body) => ({ body })));
  const settings = {
    openai_api_key: 'k',
    anthropic_api_key: 'k',
    google_api_key: 'k',
    openai_base_url: `${server.url}/v1`,
    anthropic_base_url: server.url,
    google_base_url: `${server.url}/v1beta`,
    priceOf: createPrices(own),
  };
  const config = { ...wanted.config, tools: [{ type: 'memory' as const, name: 'count' }] };
  try {
    return await runAgentWith(settings, { memory: counter })(attemptInput({ model, ...wanted, config }));
  } finally {
    await server.close();
  }
}

const chat = (usage: object) => ({ ...(says('Done.').body as object), usage });

describe('the parts of the tokens, as each provider counts them', () => {
  const anthropic = {
    type: 'message',
    role: 'assistant',
    id: 'm',
    model: 'claude',
    content: [{ type: 'text', text: 'Done.' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: {
      input_tokens: 10,
      cache_read_input_tokens: 800,
      cache_creation_input_tokens: 90,
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 30 },
    },
  };
  const responses = {
    id: 'resp_1',
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'gpt-6-sol',
    service_tier: 'default',
    output: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Done.', annotations: [] }],
      },
    ],
    usage: {
      input_tokens: 900,
      input_tokens_details: { cached_tokens: 800, cache_write_tokens: 90 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 30 },
      total_tokens: 950,
    },
  };
  const google = {
    candidates: [{ content: { role: 'model', parts: [{ text: 'Done.' }] }, finishReason: 'STOP' }],
    usageMetadata: {
      promptTokenCount: 900,
      cachedContentTokenCount: 800,
      candidatesTokenCount: 20,
      thoughtsTokenCount: 30,
      totalTokenCount: 950,
    },
  };
  const totals = { prompt_tokens: 900, completion_tokens: 50, total_tokens: 950 };
  const completion_tokens_details = { reasoning_tokens: 30 };
  const hits = { prompt_cache_hit_tokens: 800, prompt_cache_miss_tokens: 100 };
  const litellm = { cache_read_input_tokens: 800, cache_creation_input_tokens: 90 };
  const openrouter = { prompt_tokens_details: { cached_tokens: 800, cache_write_tokens: 90 } };
  const xai = { ...totals, completion_tokens: 20, completion_tokens_details };
  const vllm = { prompt_tokens_details: null, completion_tokens_details: null };

  test.each<[string, string, unknown, [cached: number, written: number, reasoning: number]]>([
    ['Anthropic', 'anthropic:claude-sonnet-4-5', anthropic, [800, 90, 30]],
    ['OpenAI, responses', 'openai:gpt-6-sol', responses, [800, 90, 30]],
    ['Google', 'google:gemini-2.5-flash', google, [800, 0, 30]],
    [
      'OpenAI, chat',
      'compatible:m',
      chat({ ...totals, prompt_tokens_details: { cached_tokens: 800 }, completion_tokens_details }),
      [800, 0, 30],
    ],
    ['DeepSeek', 'compatible:m', chat({ ...totals, ...hits, completion_tokens_details }), [800, 0, 30]],
    ['Moonshot', 'compatible:m', chat({ ...totals, cached_tokens: 800 }), [800, 0, 0]],
    ['LiteLLM', 'compatible:m', chat({ ...totals, ...litellm }), [800, 90, 0]],
    ['OpenRouter', 'compatible:m', chat({ ...totals, ...openrouter }), [800, 90, 0]],
    ['xAI', 'compatible:m', chat(xai), [0, 0, 30]],
    ['vLLM', 'compatible:m', chat({ ...totals, ...vllm }), [0, 0, 0]],
    [
      'nobody',
      'compatible:m',
      chat({ ...totals, prompt_tokens_details: { cached_tokens: '800' } }),
      [0, 0, 0],
    ],
    ['a server that errs', 'compatible:m', chat({ ...totals, cached_tokens: 5_000 }), [900, 0, 0]],
  ])('%s', async (_who, model, body, [cached, written, reasoning]) => {
    const log: LogEntry[] = [];
    const parts = {
      input_tokens: 900,
      output_tokens: 50,
      cached_input_tokens: cached,
      cache_write_tokens: written,
      reasoning_tokens: reasoning,
    };
    const { usage } = resultOf(await run(model, [body], { log }));
    expect(usage).toMatchObject({ ...parts, total_tokens: 950 });

    // An attempt that is rebuilt from the journal says the same, and calls nobody.
    expect(resultOf(await run(model, [], { log })).usage).toEqual(usage);
  });
});

describe('the cost', () => {
  const called = (usage: object) => ({
    ...(calls([{ id: 'c', function: { name: 'count', arguments: '{}' } }]).body as object),
    usage,
  });
  const first = {
    prompt_tokens: 1_000_000,
    completion_tokens: 0,
    total_tokens: 1_000_000,
    prompt_tokens_details: { cache_write_tokens: 400_000 },
  };
  const second = {
    prompt_tokens: 1_000_000,
    completion_tokens: 100_000,
    total_tokens: 1_100_000,
    prompt_tokens_details: { cached_tokens: 900_000 },
  };

  test('has cached and written tokens at their own rates, summed over the turns', async () => {
    const { usage } = resultOf(await run('compatible:m', [called(first), chat(second)]));
    // 0.6 × 2 + 0.4 × 2.5 = 2.2, then 0.1 × 2 + 0.9 × 0.2 + 0.1 × 10 = 1.38.
    expect(usage.cost_usd).toBeCloseTo(3.58, 10);
    expect(usage).toMatchObject({ cached_input_tokens: 900_000, cache_write_tokens: 400_000 });
  });

  test('is what a budget limits', async () => {
    const bodies = [called(first), called(second), chat(second)];
    const within = await run('compatible:m', bodies, { limits: { max_cost_usd: 3.6 } });
    expect(resultOf(within).answer).toBe('Done.');
    const { failure } = failureOf(await run('compatible:m', bodies, { limits: { max_cost_usd: 3.5 } }));
    expect(failure.error.code).toBe('budget_exhausted');
    expect(failure.usage.cost_usd).toBeCloseTo(3.58, 10);
  });

  test('is null for a model without a price', async () => {
    const { usage } = resultOf(await run('compatible:m', [chat(second)], {}, {}));
    expect(usage).toMatchObject({ cost_usd: null, cached_input_tokens: 900_000 });
  });
});
