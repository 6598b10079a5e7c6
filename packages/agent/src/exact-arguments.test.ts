import type { LogEntry } from '@agenthook/contracts';
import { parseJson } from '@agenthook/json';
import { afterEach, expect, test } from '@jest/globals';
import { attemptInput, resultOf, runAgentWith } from './testing/attempt-input.js';
import { type RecordingServer, startRecordingServer } from './testing/recording-server.js';
import type { ToolKind } from './tools/tool.js';

const ID = '9007199254740993';
const ARGUMENTS = `{"id":${ID},"more":[1e400,-0,1.5]}`;
/** The schema refuses it. */
const WRONG = `{"id":"${ID}","more":[${ID}]}`;
const RESULT = `{"id":${ID},"found":12345678901234567890123}`;

/** One turn of each API that calls `look` with these arguments, or answers with a text. */
const APIS = {
  compatible: (json?: string) => {
    const call = `{"id":"c","type":"function","function":{"name":"look","arguments":${JSON.stringify(json)}}}`;
    const message = json ? `{"role":"assistant","tool_calls":[${call}]}` : '{"content":"Done."}';
    return `{"choices":[{"finish_reason":"${json ? 'tool_calls' : 'stop'}","message":${message}}],"usage":{}}`;
  },
  anthropic: (json?: string) => {
    const part = json
      ? `{"type":"tool_use","id":"c","name":"look","input":${json}}`
      : '{"type":"text","text":"Done."}';
    return `{"type":"message","role":"assistant","id":"m","model":"m","content":[${part}],"stop_reason":"${json ? 'tool_use' : 'end_turn'}","stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}`;
  },
  google: (json?: string) => {
    const part = json ? `{"functionCall":{"name":"look","args":${json}}}` : '{"text":"Done."}';
    return `{"candidates":[{"content":{"role":"model","parts":[${part}]},"finishReason":"STOP","avgLogprobs":-0.12345678901234567}]}`;
  },
};

let provider: RecordingServer | undefined;
afterEach(() => provider?.close());

test.each(Object.keys(APIS) as (keyof typeof APIS)[])(
  'numbers in tool arguments and results keep their digits: %s',
  async (name) => {
    const turns = [APIS[name](WRONG), APIS[name](ARGUMENTS), APIS[name]()];
    provider = await startRecordingServer(
      (_, response) =>
        void response.setHeader('content-type', 'application/json').end(turns.shift() ?? APIS[name]()),
    );
    const given: string[] = [];
    const tools: ToolKind<'memory'> = {
      type: 'memory',
      open: async () => ({
        tools: [
          {
            name: 'look',
            description: 'Looks.',
            repeat_safe: true,
            parameters: parseJson(`{"type":"object","properties":{"id":{"const":${ID}}}}`) as object,
            execute: async (args: object) => {
              given.push(JSON.stringify(args));
              return parseJson(RESULT);
            },
          } as never,
        ],
      }),
    };
    const log: LogEntry[] = [];
    const config = { tools: [{ type: 'memory', name: 't' }] } as never;
    const model = `${name}:m`;
    const url = provider.url;
    const settings = {
      openai_base_url: `${url}/v1`,
      openai_api_key: 'key-for-openai',
      anthropic_base_url: url,
      anthropic_api_key: 'key-for-anthropic',
      google_base_url: `${url}/v1beta`,
      google_api_key: 'key-for-google',
    };
    const outcome = await runAgentWith(settings, { memory: tools })(attemptInput({ model, config, log }));

    expect(given).toEqual([ARGUMENTS]);
    const { tool_calls } = resultOf(outcome);
    expect(tool_calls.map((call) => JSON.stringify(call.arguments))).toEqual([WRONG, ARGUMENTS]);
    expect(JSON.stringify(tool_calls[1]?.result)).toBe(RESULT);
    expect(JSON.stringify(log)).toContain(`"arguments":${ARGUMENTS}`);
    // The model sees its own calls, the schema and the result with all digits, and no mark.
    const [first, second, third] = provider.requests.map(({ body }) => body.replaceAll('\\"', '"'));
    expect(first).toContain(`{"const":${ID}}`);
    expect(second).toContain(WRONG);
    expect(third).toContain(ARGUMENTS);
    expect(third).toContain(RESULT);
    expect(JSON.stringify([outcome, log, provider.requests])).not.toContain('number-');
  },
);
