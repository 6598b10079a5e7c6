import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, failureOf, resultOf, runAgentWith, type Wanted } from '../../testing/attempt-input.js';
import { type ChatServer, calls, cc, says, startChatServer } from '../../testing/chat-server.js';
import type { ToolKind } from '../../tools/tool.js';

let server: ChatServer;
/** The arguments that the tool `weather` really got. */
let got: unknown[];

beforeEach(async () => {
  server = await startChatServer();
  got = [];
});
afterEach(() => server.close());

const parameters = {
  type: 'object',
  properties: {
    city: { type: 'string' },
    unit: { type: 'string', enum: ['C', 'F'] },
    at: { type: ['string', 'null'] },
    place: { type: 'object', properties: { zip: { type: 'string' } } },
  },
};
const weather: ToolKind<'memory'> = {
  type: 'memory',
  open: async () => ({
    tools: [
      {
        name: 'weather',
        description: 'Says the weather.',
        parameters,
        repeat_safe: false,
        execute: async (args) => {
          got.push(args);
          return 'sunny';
        },
      },
    ],
  }),
};
const tools = [{ type: 'memory' as const, name: 'weather' }];

const run = (wanted: Wanted = {}) =>
  runAgentWith(
    { openai_base_url: `${server.url}/v1` },
    { memory: weather },
  )(attemptInput({ model: 'compatible:m', ...wanted, config: { tools, ...wanted.config } }));

const call = (args: unknown, rest: object = {}) => [
  { id: 'call_1', type: 'function', ...rest, function: { name: 'weather', arguments: args } },
];

describe('arguments', () => {
  test.each<[string, unknown, unknown]>([
    ['an object', { city: 'Bonn' }, { city: 'Bonn' }],
    ['null', null, {}],
    ['missing', undefined, {}],
    ['empty', '', {}],
    ['the text null', 'null', {}],
    ["PHP's empty list", '[]', {}],
    ['encoded twice', JSON.stringify(JSON.stringify({ city: 'Bonn' })), { city: 'Bonn' }],
    ['an optional one that is null', '{"city":"Bonn","unit":null}', { city: 'Bonn' }],
    ['a nested optional one that is null', '{"place":{"zip":null}}', { place: {} }],
    ['a null that the schema allows', '{"at":null,"unit":null}', { at: null }],
    ['only white space', ' \n', {}],
    ['the text {} encoded twice', '"{}"', {}],
    ['in a fence', '```json\n{"city":"Bonn"}\n```', { city: 'Bonn' }],
    ['behind an empty object', '{}{"city":"Bonn"}', { city: 'Bonn' }],
    ['the same twice', '{"city":"Bonn"}{"city":"Bonn"}', { city: 'Bonn' }],
    ['an object encoded within', '{"place":"{\\"zip\\":\\"5\\"}"}', { place: { zip: '5' } }],
  ])('%s', async (_name, args, expected) => {
    server.respond(calls(call(args)));
    expect(resultOf(await run()).answer).toBe('Done.');
    expect(got).toEqual([expected]);
  });

  test('that fit no reading are for the model to correct', async () => {
    server.respond(
      calls(call('{"city":"Bo')),
      calls(call('{"city":"Bonn"}{"city":"Rome"}')),
      calls(call('{"unit":"K"}')),
    );
    const { tool_calls } = resultOf(await run());
    expect(tool_calls.map(({ error }) => error)).toEqual([
      expect.stringContaining('weather'),
      expect.stringContaining('weather'),
      expect.stringContaining('/unit'),
    ]);
    expect(got).toEqual([]);
  });
});

describe('calls', () => {
  test.each<[string, unknown]>([
    ['without an id', call('{}', { id: undefined })],
    ['with an id that is null', call('{}', { id: null })],
    ['with an id that is a number', call('{}', { id: 7 })],
    ['with one id for two', [...call('{}'), ...call('{}')]],
    ['with an empty id', call('{}', { id: '' })],
    ['with two empty ids', [...call('{}', { id: '' }), ...call('{}', { id: '' })]],
    ['with a very long id', call('{}', { id: 'x'.repeat(5_000) })],
    ['without the object around their function', [{ id: 'c', name: 'weather', arguments: {} }]],
  ])('%s run, and each gets its result', async (_name, tool_calls) => {
    server.respond(calls(tool_calls));
    const result = resultOf(await run());
    const count = (tool_calls as unknown[]).length;
    expect(result.tool_calls.map(({ error }) => error)).toEqual(Array(count).fill(null));
    const messages = server.bodies().at(-1).messages;
    const asked = messages.flatMap((m: { tool_calls?: { id: string }[] }) => m.tool_calls ?? []);
    const answered = messages.filter((m: { role: string }) => m.role === 'tool');
    const ids = asked.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(count);
    expect(answered.map((m: { tool_call_id: string }) => m.tool_call_id)).toEqual(ids);
  });

  test.each([
    'functions.weather',
    'default_api:weather',
    'tools/weather',
    'weather<|channel|>commentary',
    'weather()',
    ' Weather ',
  ])('%s means the tool', async (name) => {
    server.respond(calls([{ id: 'c', type: 'function', function: { name, arguments: '{}' } }]));
    expect(resultOf(await run()).tool_calls).toMatchObject([{ name: 'weather', error: null }]);
  });

  test.each<[string, object]>([
    ['parameters', { name: 'weather', parameters: { city: 'Bonn' } }],
    ['input', { name: 'weather', input: '{"city":"Bonn"}' }],
  ])('with their arguments in %s run', async (_name, called) => {
    server.respond(calls([{ id: 'c', type: 'function', function: called }]));
    expect(resultOf(await run()).answer).toBe('Done.');
    expect(got).toEqual([{ city: 'Bonn' }]);
  });

  test.each<[string, unknown]>([
    [
      'of the type custom',
      [{ id: 'c', type: 'custom', custom: { name: 'weather', input: '{"city":"Bonn"}' } }],
    ],
    ['as JSON in a text', JSON.stringify(call('{"city":"Bonn"}'))],
    [
      'beside one without a name',
      [...call('{"city":"Bonn"}'), { id: 'd', function: { name: '', arguments: '' } }],
    ],
  ])('%s run', async (_name, tool_calls) => {
    server.respond(calls(tool_calls));
    expect(resultOf(await run()).tool_calls).toMatchObject([{ name: 'weather', error: null }]);
    expect(got).toEqual([{ city: 'Bonn' }]);
  });

  test('without a name and arguments are none', async () => {
    server.respond(says('Hello!', { tool_calls: [{ id: 'c', function: { name: null, arguments: '{}' } }] }));
    expect(resultOf(await run())).toMatchObject({ answer: 'Hello!', steps: 1 });
  });

  test('in the older form run', async () => {
    const function_call = { name: 'weather', arguments: '{"city":"Bonn"}' };
    server.respond(says(null, { function_call }, 'function_call'));
    expect(resultOf(await run()).answer).toBe('Done.');
    expect(got).toEqual([{ city: 'Bonn' }]);
  });
});

describe('the content decides', () => {
  test.each([['stop'], ['tool_calls'], [null], ['eos_token']])(
    'calls that end with %s need another turn',
    async (finish) => {
      server.respond(calls(call('{}'), finish));
      const { failure } = failureOf(await run({ limits: { max_steps: 1 } }));
      expect(failure.error.code).toBe('max_steps');
      expect(failure.tool_calls).toMatchObject([{ name: 'weather', error: null }]);
    },
  );

  test.each([['eos_token'], [null], ['function_call'], ['tool_calls'], ['STOP'], [5]])(
    'text that ends with %s is an answer',
    async (finish) => {
      server.respond(says('Hello!', { tool_calls: [] }, finish));
      expect(resultOf(await run())).toMatchObject({ answer: 'Hello!', steps: 1 });
    },
  );

  test.each([['error'], ['abort'], ['cancelled'], ['network_error'], ['insufficient_system_resource']])(
    'text that ends with %s was broken off, and is tried again',
    async (finish) => {
      server.respond(says('It begins', {}, finish));
      expect(failureOf(await run())).toMatchObject({
        failure: { error: { code: 'model_unavailable' } },
        retryable: true,
      });
    },
  );

  test('calls that end with length run if their arguments are complete', async () => {
    server.respond(calls(call('{"city":"Bonn"}'), 'length'));
    expect(resultOf(await run()).answer).toBe('Done.');
    expect(got).toEqual([{ city: 'Bonn' }]);
  });

  test.each([[''], ['{}'], ['{"city":"Bo']])(
    'calls with %j that end with length do not run',
    async (args) => {
      server.respond(calls(call(args), 'length'));
      await run({ limits: { max_steps: 1 } });
      expect(got).toEqual([]);
    },
  );

  test('calls of which the last was cut run, except for that one', async () => {
    server.respond(calls([...call('{"city":"Bonn"}'), ...call('{"ci')], 'length'));
    const [first, second] = resultOf(await run()).tool_calls;
    expect([first?.error, second?.error]).toEqual([null, expect.stringContaining('weather')]);
    expect(got).toEqual([{ city: 'Bonn' }]);
  });

  test('calls of which one may have lost all of its arguments do not run', async () => {
    server.respond(calls([...call('{"city":"Bonn"}'), ...call('{}')], 'length'));
    expect(failureOf(await run()).failure.error.code).toBe('budget_exhausted');
    expect(got).toEqual([]);
  });

  test.each(['max_tokens', 'MAX_TOKENS', 'model_length', 'ERROR_LIMIT'])(
    'text that ends with %s was cut',
    async (finish) => {
      server.respond(says('It begins', {}, finish));
      expect(resultOf(await run())).toMatchObject({ answer: 'It begins', truncated: true });
    },
  );

  test.each([
    ['SAFETY'],
    ['refusal'],
    ['sensitive'],
    ['ERROR_TOXIC'],
    ['content_filter: PROHIBITED_CONTENT'],
  ])('text that ends with %s was refused', async (finish) => {
    server.respond(says('', {}, finish));
    expect(failureOf(await run()).failure.error.code).toBe('model_refused');
  });

  test.each<[string, unknown, string]>([
    ['texts', ['Hel', 'lo!'], 'Hello!'],
    [
      'parts',
      [
        { type: 'text', text: 'Hel' },
        { type: 'output_text', text: 'lo!' },
      ],
      'Hello!',
    ],
    ['a thought and a text', [{ type: 'thinking', thinking: 'hm' }, { text: 'Hello!' }], 'Hello!'],
  ])('a list of %s is an answer', async (_name, content, answer) => {
    server.respond(says(content));
    expect(resultOf(await run()).answer).toBe(answer);
  });

  test('text without a finish reason, or of a completion, is an answer', async () => {
    server.respond(cc({ message: { content: 'Hi.' }, finish_reason: undefined }), cc({ text: 'Ho.' }));
    expect(resultOf(await run()).answer).toBe('Hi.');
    expect(resultOf(await run()).answer).toBe('Ho.');
  });
});

describe('an empty answer', () => {
  test.each<[string, { body: unknown }]>([
    ['null', says(null)],
    ['""', says('')],
    ['white space', says(' \n')],
    ['tool_calls without calls', says(null, { tool_calls: [] }, 'tool_calls')],
    ['an empty thought', says('<think>\n</think>\n')],
  ])('of %s is asked for once more', async (_name, empty) => {
    server.respond(empty, says('Here.'));
    expect(resultOf(await run())).toMatchObject({ answer: 'Here.', steps: 2 });
    const { messages } = server.bodies().at(-1);
    expect(messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user', 'user']);
  });

  test('that comes twice is model_empty', async () => {
    server.respond(says(null), says(''));
    const failed = failureOf(await run());
    expect(failed.failure.error.code).toBe('model_empty');
    expect(failed.failure.usage.total_tokens).toBe(14);
    expect(server.requests).toHaveLength(2);
  });

  test('after a tool call is asked for with the call and its result', async () => {
    server.respond(calls(call('{}')), says(''), says('Sunny.'));
    expect(resultOf(await run())).toMatchObject({ answer: 'Sunny.', steps: 3 });
    const { messages } = server.bodies().at(-1);
    expect(messages.map(({ role }: { role: string }) => role).slice(2)).toEqual([
      'assistant',
      'tool',
      'user',
    ]);
  });

  test('with no turn left is model_empty, not max_steps', async () => {
    server.respond(says(''));
    const { failure } = failureOf(await run({ limits: { max_steps: 1 } }));
    expect(failure.error.code).toBe('model_empty');
  });
});

describe('thoughts', () => {
  test.each([
    ['<think>hm</think>\n\nHello!', 'hm', 'Hello!'],
    ['\n<think>\nhm\n</think>\n<think>so</think>Hello!', 'hm\nso', 'Hello!'],
    ['<thinking>hm</thinking>Hello!', 'hm', 'Hello!'],
    ['[THINK]hm[/THINK]Hello!', 'hm', 'Hello!'],
    ['hm\n</think>\n\nHello!', 'hm', 'Hello!'],
    ['hm.</think>Hello!', 'hm.', 'Hello!'],
    ['hm</think>\nHello!', 'hm', 'Hello!'],
    ['<thought>hm</thought>Hello!', 'hm', 'Hello!'],
    ['<seed:think>hm</seed:think>Hello!', 'hm', 'Hello!'],
    ['◁think▷hm◁/think▷Hello!', 'hm', 'Hello!'],
    ['Write "</think>" last.', '', 'Write "</think>" last.'],
    [
      '<|channel|>analysis<|message|>hm<|end|><|start|>assistant<|channel|>final<|message|>Hello!<|return|>',
      'hm',
      'Hello!',
    ],
    ['<|channel|>final<|message|>Hello!', '', 'Hello!'],
    ['<|channel|> is a mark.', '', '<|channel|> is a mark.'],
    ['The mark </think> ends a thought.', '', 'The mark </think> ends a thought.'],
    ['Use <think>x</think>.', '', 'Use <think>x</think>.'],
  ])('%j', async (text, thought, answer) => {
    server.respond(says(text));
    expect(resultOf(await run())).toMatchObject({ thought, answer });
  });

  test.each<[string, { body: unknown }]>([
    ['reasoning_content', says('', { reasoning_content: 'Good morning' })],
    ['reasoning', says(null, { reasoning: 'Good morning' })],
    ['thinking', says('', { thinking: 'Good morning', reasoning_content: '' })],
    ['an open thought', says('<think>Good morning')],
    ['an object', says('', { reasoning: { content: 'Good morning' } })],
    ['reasoning_text', says('', { reasoning_text: 'Good morning' })],
    [
      'details',
      says('', {
        reasoning_details: [{ type: 'reasoning.text', text: 'Good ' }, { text: 'morning' }, { data: 'x' }],
      }),
    ],
    ['blocks', says('', { thinking_blocks: [{ type: 'thinking', thinking: 'Good morning' }] })],
  ])('an answer that stands only in %s is an answer', async (_name, body) => {
    server.respond(body);
    expect(resultOf(await run()).answer).toBe('Good morning');
  });

  test('that were cut before the answer are none', async () => {
    server.respond(says('', { reasoning_content: 'Let me see' }, 'length'));
    expect(failureOf(await run()).failure.error.code).toBe('budget_exhausted');
  });
});

describe('a cut answer', () => {
  const output_schema = { type: 'object', required: ['a'] };

  test('without a schema is its beginning, and says so', async () => {
    server.respond(says('It begins', {}, 'length'));
    expect(resultOf(await run())).toMatchObject({ answer: 'It begins', truncated: true });
  });

  test('that is whole JSON is the output', async () => {
    server.respond(says('{"a":1}', {}, 'length'));
    const result = resultOf(await run({ config: { output_schema } }));
    expect(result.output).toEqual({ a: 1 });
    expect(result).not.toHaveProperty('truncated');
  });

  test('that is half of the JSON is invalid output, and is not asked for again', async () => {
    server.respond(says('{"a":', {}, 'length'));
    const { error } = failureOf(await run({ config: { output_schema } })).failure;
    expect(error).toMatchObject({ code: 'invalid_output', message: expect.stringContaining('cut off') });
    expect(server.requests).toHaveLength(1);
  });
});
