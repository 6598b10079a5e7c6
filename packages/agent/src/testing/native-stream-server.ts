import { crc32 } from 'node:zlib';
import type { Answer } from './recording-server.js';

// Servers that stream as Google, Vertex, Bedrock and Ollama do. An answer is a list of pieces.

/** What a server says and calls in one answer. */
interface NativeAnswer {
  thought?: string;
  texts?: string[];
  call?: { name: string; args: string };
}

/** Builds an answer's pieces as an API sends them. */
type Build = (answer: NativeAnswer) => (string | Buffer)[];

interface NativeApi {
  /** Which requests ask it for a stream. */
  isStream(path: string, body: string): boolean;
  type: string;
  build: Build;
}

const event = (value: string): string => `data: ${value}\r\n\r\n`;
const usageMetadata = '{"promptTokenCount":9,"candidatesTokenCount":4,"totalTokenCount":13}';
const candidate = (parts: string, finish = '') =>
  event(
    `{"candidates":[{"content":{"role":"model","parts":[${parts}]},"index":0${finish}}],"usageMetadata":${usageMetadata}}`,
  );

const google: NativeApi = {
  isStream: (path) => path.includes(':streamGenerateContent') && path.includes('alt=sse'),
  type: 'text/event-stream',
  build: ({ thought, texts = [], call }) => [
    ...(thought ? [candidate(JSON.stringify({ text: thought, thought: true }))] : []),
    ...texts.map((text) => candidate(JSON.stringify({ text }))),
    ...(call
      ? [candidate(`{"functionCall":{"name":"${call.name}","args":${call.args}},"thoughtSignature":"c2ln"}`)]
      : []),
    candidate('{"text":""}', ',"finishReason":"STOP"'),
  ],
};

const named = (type: string, value: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`;
const block = (index: number, content_block: object, ...deltas: object[]): string[] => [
  named('content_block_start', { index, content_block }),
  ...deltas.map((delta) => named('content_block_delta', { index, delta })),
  named('content_block_stop', { index }),
];

const claude: NativeApi = {
  isStream: (path, body) => path.includes(':streamRawPredict') && JSON.parse(body).stream === true,
  type: 'text/event-stream',
  build: ({ texts = [], call }) => [
    named('message_start', {
      message: {
        id: 'm',
        type: 'message',
        role: 'assistant',
        model: 'claude',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 9, output_tokens: 1 },
      },
    }),
    ...block(0, { type: 'text', text: '' }, ...texts.map((text) => ({ type: 'text_delta', text }))),
    ...(call
      ? block(
          1,
          { type: 'tool_use', id: 'toolu_1', name: call.name, input: {} },
          { type: 'input_json_delta', partial_json: call.args.slice(0, 5) },
          { type: 'input_json_delta', partial_json: call.args.slice(5) },
        )
      : []),
    named('message_delta', {
      delta: { stop_reason: call ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: 4 },
    }),
    named('message_stop', {}),
  ],
};

const STRING = 7;

/** A frame of AWS: https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html */
export function frame(headers: Record<string, string>, payload: object): Buffer {
  const heads = Object.entries(headers).map(([name, value]) => {
    const head = Buffer.alloc(4 + name.length + value.length);
    head.writeUInt8(name.length, 0);
    head.write(name, 1);
    head.writeUInt8(STRING, 1 + name.length);
    head.writeUInt16BE(value.length, 2 + name.length);
    head.write(value, 4 + name.length);
    return head;
  });
  const inner = Buffer.concat(heads);
  const body = Buffer.from(JSON.stringify(payload));
  const whole = Buffer.alloc(16 + inner.length + body.length);
  whole.writeUInt32BE(whole.length, 0);
  whole.writeUInt32BE(inner.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  inner.copy(whole, 12);
  body.copy(whole, 12 + inner.length);
  whole.writeUInt32BE(crc32(whole.subarray(0, whole.length - 4)), whole.length - 4);
  return whole;
}

const of = (type: string, payload: object): Buffer =>
  frame(
    { ':message-type': 'event', ':event-type': type, ':content-type': 'application/json' },
    { ...payload, p: 'abcdefgh' },
  );

const bedrock: NativeApi = {
  isStream: (path) => path.endsWith('/converse-stream'),
  type: 'application/vnd.amazon.eventstream',
  build: ({ thought, texts = [], call }) => [
    of('messageStart', { role: 'assistant' }),
    ...(thought
      ? [
          of('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: thought } } }),
          of('contentBlockDelta', {
            contentBlockIndex: 0,
            delta: { reasoningContent: { signature: 'sig' } },
          }),
          of('contentBlockStop', { contentBlockIndex: 0 }),
        ]
      : []),
    ...texts.map((text) => of('contentBlockDelta', { contentBlockIndex: 1, delta: { text } })),
    of('contentBlockStop', { contentBlockIndex: 1 }),
    ...(call
      ? [
          of('contentBlockStart', {
            contentBlockIndex: 2,
            start: { toolUse: { toolUseId: 'tooluse_1', name: call.name } },
          }),
          of('contentBlockDelta', {
            contentBlockIndex: 2,
            delta: { toolUse: { input: call.args.slice(0, 5) } },
          }),
          of('contentBlockDelta', {
            contentBlockIndex: 2,
            delta: { toolUse: { input: call.args.slice(5) } },
          }),
          of('contentBlockStop', { contentBlockIndex: 2 }),
        ]
      : []),
    of('messageStop', { stopReason: call ? 'tool_use' : 'end_turn' }),
    of('metadata', {
      usage: { inputTokens: 9, outputTokens: 4, totalTokens: 13 },
      metrics: { latencyMs: 1 },
    }),
  ],
};

const line = (message: string, rest = '"done":false'): string =>
  `{"model":"qwen3","message":{"role":"assistant",${message}},${rest}}\n`;

const ollama: NativeApi = {
  isStream: (path, body) => path === '/api/chat' && JSON.parse(body).stream === true,
  type: 'application/x-ndjson',
  build: ({ thought, texts = [], call }) => [
    ...(thought ? [line(`"content":"","thinking":${JSON.stringify(thought)}`)] : []),
    ...texts.map((text) => line(`"content":${JSON.stringify(text)}`)),
    ...(call
      ? [line(`"content":"","tool_calls":[{"function":{"name":"${call.name}","arguments":${call.args}}}]`)]
      : []),
    line('"content":""', '"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":4'),
  ],
};

export const NATIVE = { google, claude, bedrock, ollama } satisfies Record<string, NativeApi>;

/** Streams a list of pieces. After the first, it waits for `gate`. At the end it may break the connection. */
export const pieces =
  (
    { type }: Pick<NativeApi, 'type'>,
    list: (string | Buffer)[],
    { gate, breaks = false }: { gate?: Promise<unknown>; breaks?: boolean } = {},
  ): Answer =>
  async (_request, response) => {
    response.writeHead(200, { 'content-type': type });
    for (const [n, piece] of list.entries()) {
      if (n === 1) await gate;
      await new Promise((resolve) => response.write(piece, resolve));
    }
    if (breaks) response.destroy();
    else response.end();
  };
