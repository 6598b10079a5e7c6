import { sumTokens } from '@agenthook/contracts';
import { describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../testing/attempt-input.js';

const run = (payload: unknown, wanted: Wanted = {}) => runAgentWith({})(attemptInput({ payload, ...wanted }));
const rehearse = (sandbox: unknown, wanted: Wanted = {}) => run({ sandbox }, wanted);

describe('without a script', () => {
  test.each<[string, unknown, string]>([
    ["DocsGPT's question", { question: 'Who are you?' }, 'was given the question "Who are you?"'],
    ['a message', { message: 'Hello' }, 'the message "Hello"'],
    ['a form with a text', { user: 'u1', text: 'Hello' }, 'the text "Hello"'],
    ['a bare string', 'Hello', 'the text "Hello"'],
    ['anything else', [1, { a: 2 }], 'the payload [1,{"a":2}]'],
    ['a number', 5, 'the payload 5'],
    ['a question that is not text', { question: 7 }, 'the payload {"question":7}'],
  ])('it says what it is and what input it got: %s', async (_name, payload, words) => {
    const result = resultOf(await run(payload));
    expect(result.answer).toMatch(/sandbox.*no model was called.*"Triage"/);
    expect(result.answer).toContain(words);
    expect(result).toMatchObject({
      tool_calls: [],
      sources: [],
      thought: '',
      usage: { ...sumTokens([]), total_tokens: 0, cost_usd: 0 },
      model: 'sandbox:echo',
      steps: 1,
    });
  });

  test('it repeats no more than a page', async () => {
    expect(resultOf(await run({ question: 'x'.repeat(100_000) })).answer.length).toBeLessThan(1500);
    expect(resultOf(await run({ blob: 'x'.repeat(100_000) })).answer.length).toBeLessThan(1500);
  });
});

describe('with an output schema', () => {
  const tree = {
    type: 'object',
    required: ['label'],
    properties: { label: { enum: ['bug', 'question'] }, next: { $ref: '#' } },
  };

  test('it answers with an example, unless the script has a reply', async () => {
    const config = { output_schema: tree };
    expect(resultOf(await run({ text: 'Hello' }, { config }))).toMatchObject({
      answer: '{"label":"bug"}',
      output: { label: 'bug' },
      steps: 1,
    });
    expect(resultOf(await rehearse({ steps: [{ tokens: 1 }] }, { config })).output).toEqual({ label: 'bug' });
    const told = resultOf(await rehearse({ reply: '{"label":"question"}' }, { config }));
    expect(told.output).toEqual({ label: 'question' });
  });

  test('it says what to do if it finds none', async () => {
    const config = { output_schema: { type: 'string', pattern: '^q{17}$' } };
    const { failure } = failureOf(await run({ text: 'Hello' }, { config }));
    expect(failure).toMatchObject({
      error: { code: 'invalid_output' },
      answer: expect.stringMatching(/no model was called.*no example.*"reply"/),
    });
  });
});

describe('with a script', () => {
  test('it replies', async () => {
    expect(resultOf(await rehearse({ reply: 'Done.' }))).toMatchObject({ answer: 'Done.', steps: 1 });
  });

  test('each turn plays a step, and the reply comes after the last', async () => {
    const result = resultOf(
      await rehearse({ steps: [{ text: 'a', tokens: 3 }, { latency_ms: 5 }, { tokens: 4 }], reply: 'Done.' }),
    );
    expect(result).toMatchObject({ answer: 'Done.', steps: 4 });
    expect(result.usage).toEqual({ ...sumTokens([]), output_tokens: 7, total_tokens: 7, cost_usd: 0 });
  });

  test('without a reply, the last step is the answer if it has text, otherwise the summary', async () => {
    expect(resultOf(await rehearse({ steps: [{ text: 'a' }, { text: 'b' }] }))).toMatchObject({
      answer: 'b',
      steps: 2,
    });
    expect(resultOf(await rehearse({ steps: [{ tokens: 2 }] })).answer).toContain('no model was called');
  });

  test('a missing tool is reported, and the next step is played', async () => {
    const tool = { name: 'create_issue', arguments: { title: 'Broken' } };
    const result = resultOf(await rehearse({ steps: [{ text: 'Let me see.', tool }], reply: 'Done.' }));
    expect(result).toMatchObject({ answer: 'Done.', steps: 2 });
    expect(result.tool_calls).toEqual([
      {
        name: 'create_issue',
        arguments: { title: 'Broken' },
        result: null,
        error: expect.stringContaining('create_issue'),
        duration_ms: 0,
      },
    ]);
  });

  describe('that came without an API key', () => {
    const steps = [
      { text: 'Let me see.', tokens: 2 },
      { tool: { name: 'none', arguments: {} } },
      { text: 'After.' },
    ];

    test('the first tool step ends it: no tool is called, and the answer says why', async () => {
      const result = resultOf(await rehearse({ steps, reply: 'Done.' }, { rehearsal: false }));
      expect(result).toMatchObject({ tool_calls: [], steps: 2, usage: { output_tokens: 2 } });
      expect(result.answer).toMatch(/no tool was called.*sandbox_tools/);
    });

    test('a request for another form does not go past it', async () => {
      const asked = { rehearsal: false, config: { output_schema: { type: 'object' } } };
      const late = [...steps.slice(0, 2), { tool: { name: 'none', arguments: {} } }];
      const { failure } = failureOf(await rehearse({ steps: late, reply: '{}' }, asked));
      expect(failure).toMatchObject({ error: { code: 'invalid_output' }, tool_calls: [] });
      expect(failure.answer).toMatch(/sandbox_tools/);
    });

    test('steps without tools are played, and all steps if the agent allows it', async () => {
      const plain = { steps: [{ text: 'a', latency_ms: 1 }, { fail: 'auth' }] };
      expect(failureOf(await rehearse(plain, { rehearsal: false })).failure.error.code).toBe('model_auth');
      const allowed = { rehearsal: false, config: { sandbox_tools: true } };
      expect(resultOf(await rehearse({ steps, reply: 'Done.' }, allowed))).toMatchObject({
        answer: 'Done.',
        tool_calls: [{ name: 'none' }],
      });
    });
  });

  test.each([
    ['auth', 'model_auth', false],
    ['rate_limit', 'model_rate_limited', true],
    ['unavailable', 'model_unavailable', true],
    ['refused', 'model_refused', false],
    ['bad_output', 'invalid_output', false],
  ])('it fails as scripted: %s is %s', async (fail, code, retryable) => {
    for (const attempt of [1, 99]) {
      const failed = failureOf(
        await rehearse({ steps: [{ text: 'a', tokens: 2 }, { fail }], reply: 'no' }, { attempt }),
      );
      expect(failed.failure).toMatchObject({
        error: { code },
        answer: 'a',
        usage: { total_tokens: 2, cost_usd: 0 },
      });
      expect(failed.retryable).toBe(retryable);
    }
  });

  test('it fails as often as scripted, then continues', async () => {
    const script = { steps: [{ fail: 'unavailable', fail_times: 2, text: 'a' }], reply: 'Done.' };
    expect(failureOf(await rehearse(script, { attempt: 1 })).retryable).toBe(true);
    expect(failureOf(await rehearse(script, { attempt: 2 })).retryable).toBe(true);
    expect(resultOf(await rehearse(script, { attempt: 3 })).answer).toBe('Done.');
  });

  test('it takes the scripted time, until it is aborted', async () => {
    const started = Date.now();
    await rehearse({ steps: [{ latency_ms: 150 }] });
    expect(Date.now() - started).toBeGreaterThanOrEqual(145);

    const caller = new AbortController();
    const running = rehearse(
      { steps: [{ text: 'a' }, { latency_ms: 3_600_000 }] },
      { signal: caller.signal },
    );
    setTimeout(() => caller.abort(), 50);
    expect(failureOf(await running).failure).toMatchObject({ error: { code: 'cancelled' }, answer: 'a' });

    const slow = rehearse({ steps: [{ latency_ms: 60_000 }] }, { limits: { timeout_seconds: 1 } });
    expect(failureOf(await slow).failure.error.code).toBe('timeout');
  });

  test.each<[string, unknown, RegExp]>([
    ['no object', 'yes', /sandbox: Expected object/],
    ['null', null, /sandbox: Expected object/],
    ['an unknown failure', { steps: [{ fail: 'explode' }] }, /sandbox\/steps\/0\/fail: .*rate_limit/],
    ['a wrong type', { steps: [{ latency_ms: 'long' }] }, /sandbox\/steps\/0\/latency_ms: Expected number/],
  ])('it explains an invalid script: %s', async (_name, sandbox, words) => {
    const { answer } = resultOf(await rehearse(sandbox));
    expect(answer).toMatch(/no model was called.*is not valid/);
    expect(answer).toMatch(words);
  });
});
