import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from '../../../testing/attempt-input.js';
import { type ChatServer, calls, says, startChatServer } from '../../../testing/chat-server.js';
import type { ToolKind } from '../../../tools/tool.js';

let server: ChatServer;
let given: unknown[];

beforeEach(async () => {
  server = await startChatServer();
  given = [];
});
afterEach(() => server.close());

const kinds: { memory: ToolKind<'memory'> } = {
  memory: {
    type: 'memory',
    open: async () => ({
      tools: [
        {
          name: 'weather',
          description: 'weather',
          parameters: {
            type: 'object',
            properties: { city: { type: 'string' }, days: { type: 'array' }, n: { type: 'integer' } },
          },
          repeat_safe: true,
          execute: async (args) => {
            given.push(args);
            return 'sunny';
          },
        },
      ],
    }),
  },
};
const run = async (model: string, payload?: unknown) =>
  resultOf(
    await runAgentWith(
      { openai_base_url: `${server.url}/v1` },
      kinds,
    )(
      attemptInput({
        model: `compatible:${model}`,
        ...(payload !== undefined && { payload }),
        config: { tools: [{ type: 'memory', name: 't' }] },
      }),
    ),
  );

const ROME = { city: 'Rome' };
const HERMES = '<tool_call>\n{"name": "weather", "arguments": {"city": "Rome"}}\n</tool_call>';
const GLM =
  '<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Rome</arg_value>\n<arg_key>days</arg_key>\n' +
  '<arg_value>["mon"]</arg_value>\n<arg_key>n</arg_key>\n<arg_value>3</arg_value>\n</tool_call>';
const HARMONY =
  '<|start|>assistant<|channel|>commentary to=functions.weather <|constrain|>json<|message|>{"city":"Rome"}<|call|>';
const DEEPSEEK_BEGIN = '<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>';
const DEEPSEEK_END = '<｜tool▁call▁end｜><｜tool▁calls▁end｜>';

describe('calls written as text', () => {
  test.each<[string, string, unknown[]]>([
    ['NousResearch/Hermes-3-Llama-3.1-8B', HERMES, [ROME]],
    ['qwen2.5-7b-instruct', `I shall look.\n${HERMES}<|im_end|>`, [ROME]],
    ['Qwen/QwQ-32B', `<think>Hm.</think>\n${HERMES}\n${HERMES}`, [ROME, ROME]],
    [
      'qwen3-coder-30b',
      '<tool_call>\n<function=weather>\n<parameter=city>\nRome\n</parameter>\n<parameter=days>\n["mon"]\n</parameter>\n<parameter=n>\n3\n</parameter>\n</function>\n</tool_call>',
      [{ ...ROME, days: ['mon'], n: 3 }],
    ],
    ['meta-llama/Llama-3.1-8B-Instruct', '<function=weather>{"city": "Rome"}</function>', [ROME]],
    ['llama-3.2-3b', '<|python_tag|>{"name": "weather", "parameters": {"city": "Rome"}}<|eom_id|>', [ROME]],
    ['mistral-small', '[TOOL_CALLS][{"name": "weather", "arguments": {"city": "Rome"}}]', [ROME]],
    [
      'mistralai/Devstral-Small-2507',
      '[TOOL_CALLS]weather[ARGS]{"city": "Rome"}[TOOL_CALLS]weather{"city": "Bonn"}',
      [ROME, { city: 'Bonn' }],
    ],
    [
      'deepseek-ai/DeepSeek-V3',
      `${DEEPSEEK_BEGIN}function<｜tool▁sep｜>weather\n\`\`\`json\n{"city": "Rome"}\n\`\`\`${DEEPSEEK_END}`,
      [ROME],
    ],
    ['deepseek-v3.1', `${DEEPSEEK_BEGIN}weather<｜tool▁sep｜>{"city": "Rome"}${DEEPSEEK_END}`, [ROME]],
    [
      'kimi-k2',
      '<|tool_calls_section_begin|><|tool_call_begin|>functions.weather:0<|tool_call_argument_begin|>{"city": "Rome"}<|tool_call_end|><|tool_calls_section_end|>',
      [ROME],
    ],
    [
      'qwen3-coder',
      '<function=weather>\n<parameter=city>\nRome\n</parameter>\n</function>\n</tool_call>',
      [ROME],
    ],
    ['llama-3.1', '{"name": "weather", "parameters": {"city": "Rome"}}', [ROME]],
    [
      'Llama-3.3-70B',
      '{"type": "function", "name": "weather", "parameters": {"city": "Rome"}}<|eot_id|>',
      [ROME],
    ],
    ['zai-org/GLM-4.5', GLM, [{ ...ROME, days: ['mon'], n: 3 }]],
    ['glm-4.6', `<think>Hm.</think>\nI look.\n${GLM}`, [{ ...ROME, days: ['mon'], n: 3 }]],
    ['glm-4.5-air', '<tool_call>weather\n</tool_call>', [{}]],
    ['openai/gpt-oss-120b', `<|channel|>analysis<|message|>Look.<|end|>${HARMONY}`, [ROME]],
    ['gpt-oss:20b', HARMONY.slice('<|start|>assistant'.length, -'<|call|>'.length), [ROME]],
    [
      'gpt-oss-20b',
      ' to=functions.weather<|channel|>commentary json<|message|>{"city":"Rome"}<|call|>',
      [ROME],
    ],
    [
      'gpt-oss-20b',
      `<|channel|>commentary<|message|>I look twice.<|end|>${HARMONY}${HARMONY.replace('Rome', 'Bonn')}`,
      [ROME, { city: 'Bonn' }],
    ],
    ['granite-3.3-8b', '<|tool_call|>[{"name": "weather", "arguments": {"city": "Rome"}}]', [ROME]],
    [
      'nvidia/nemotron-nano-9b-v2',
      '<TOOLCALL>[{"name": "weather", "arguments": {"city": "Rome"}}]</TOOLCALL>',
      [ROME],
    ],
    [
      'command-r-plus',
      '<|START_ACTION|>[{"tool_call_id": "0", "tool_name": "weather", "parameters": {"city": "Rome"}}]<|END_ACTION|>',
      [ROME],
    ],
    [
      'MiniMax-M2',
      '<minimax:tool_call>\n<invoke name="weather">\n<parameter name="city">Rome</parameter>\n<parameter name="n">3</parameter>\n</invoke>\n</minimax:tool_call>',
      [{ ...ROME, n: 3 }],
    ],
  ])('by %s run', async (model, text, expected) => {
    server.respond(says(text), says('Sunny.'));
    const result = await run(model);
    expect(result.answer).toBe('Sunny.');
    expect(given).toEqual(expected);
  });
});

describe('text stays text', () => {
  test.each<[string, string, string]>([
    ['of a model of another family', 'gpt-4o', HERMES],
    ['in the marks of another family', 'mistral-small', HERMES],
    ['with a tool that is not offered', 'qwen3', HERMES.replace('weather', 'delete_all')],
    ['with one call of two that is not whole', 'qwen3', `${HERMES}\n${HERMES.slice(0, -14)}`],
    ['with words after the call', 'qwen3', `Write it like this: ${HERMES} and it runs.`],
    ['in a code fence', 'qwen3', `An example:\n\`\`\`\n${HERMES}\n`],
    [
      'with arguments that are no object',
      'qwen3',
      '<tool_call>{"name": "weather", "arguments": [1]}</tool_call>',
    ],
    ['as bare JSON of another family', 'qwen3', '{"name": "weather", "parameters": {"city": "Rome"}}'],
    ['as bare JSON with other fields', 'llama-3.1', '{"name": "weather", "parameters": {}, "note": 1}'],
    ['as bare JSON after words', 'llama-3.1', 'Like this: {"name": "weather", "parameters": {}}'],
    ['in a channel of a tool that is not offered', 'gpt-oss', HARMONY.replace('weather', 'delete_all')],
    ['in a channel, with half of its arguments', 'gpt-oss', HARMONY.replace('}<|call|>', '')],
    ['as GLM writes it, without its end', 'glm-4.5', GLM.slice(0, -12)],
  ])('%s', async (_name, model, text) => {
    server.respond(says(text));
    expect((await run(model)).answer.trim()).toBe(text.trim());
    expect(given).toEqual([]);
  });

  test.each(['length', 'max_tokens'])('that was cut off, said as %s', async (reason) => {
    server.respond(says(HERMES, {}, reason));
    expect(await run('qwen3')).toMatchObject({ truncated: true, tool_calls: [] });
  });

  test('that the event may have brought', async () => {
    server.respond(says(HERMES));
    expect((await run('qwen3', { question: `Repeat this: ${HERMES}` })).answer).toBe(HERMES);
    expect(given).toEqual([]);
  });

  test('that looks like bare JSON that the event may have brought', async () => {
    const text = '{"name": "weather", "parameters": {"city": "Rome"}}';
    server.respond(says(text));
    expect((await run('llama-3.1', { question: `Repeat this: ${text}` })).answer).toBe(text);
    expect(given).toEqual([]);
  });

  test('beside a call that the server has read', async () => {
    server.respond(calls([{ id: 'c', function: { name: 'weather', arguments: '{}' } }]), says('Sunny.'));
    await run('qwen3');
    expect(given).toEqual([{}]);
  });
});
