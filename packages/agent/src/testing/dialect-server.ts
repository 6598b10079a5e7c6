import { type RecordingServer, startRecordingServer } from './recording-server.js';

// biome-ignore lint/suspicious/noExplicitAny: the bodies of four APIs.
type Body = any;

/** What a request asks for, whatever its API calls it. */
interface Asked {
  tools: boolean;
  /** Whether the answer must follow a schema. */
  format: boolean;
  /** Whether a tool has answered. */
  result: boolean;
  /** Whether the model is told that its answer has the wrong form. */
  again: boolean;
}

/** One server's API and habits. */
export interface Dialect {
  /** The message of a 400, for what the server refuses. */
  refuses?(body: Body, asked: Asked): string | undefined;
  /** Whether a format keeps the model from calling tools, because a grammar allows nothing else. */
  formatForbidsCalls?: true;
  asked(body: Body): Asked;
  call(name: string, args: object): unknown;
  say(text: string): unknown;
}

const CITY = { city: 'Oslo' };
export const OUTPUT = { city: 'Oslo', degrees: 21 };

/**
 * Plays a model that calls the tool `weather` and then reports. As real ones do, it reports in prose unless a
 * format or a second request makes it answer in JSON, and invents a report if it may not call the tool.
 */
export function startDialectServer(dialect: Dialect): Promise<RecordingServer> {
  return startRecordingServer(({ body: text }, response) => {
    const body = JSON.parse(text);
    const asked = dialect.asked(body);
    const refusal = dialect.refuses?.(body, asked);
    if (refusal !== undefined) {
      response.writeHead(400, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: { code: 400, message: refusal, type: 'invalid_request_error' } }));
      return undefined;
    }
    const mayCall = asked.tools && !(asked.format && dialect.formatForbidsCalls);
    if (!asked.result && mayCall) return dialect.call('weather', CITY);
    if (!asked.result) return dialect.say(JSON.stringify({ city: 'Nowhere', degrees: 0 }));
    return dialect.say(asked.format || asked.again ? JSON.stringify(OUTPUT) : 'It is 21 degrees in Oslo.');
  });
}

const AGAIN = 'does not have the required form';
const again = (body: Body): boolean => JSON.stringify(body).includes(AGAIN);

const chat: Dialect = {
  asked: (body) => ({
    tools: (body.tools?.length ?? 0) > 0,
    format: body.response_format !== undefined,
    result: body.messages.some(({ role }: Body) => role === 'tool'),
    again: again(body),
  }),
  call: (name, args) =>
    completion({
      content: null,
      tool_calls: [{ id: 'call_1', type: 'function', function: { name, arguments: JSON.stringify(args) } }],
    }),
  say: (content) => completion({ content }),
};
const completion = (message: object) => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 5, completion_tokens: 2, total_tokens: 7 },
});

const isGrammar = { formatForbidsCalls: true } as const;

const response = (item: object) => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1,
  status: 'completed',
  model: 'm',
  output: [item],
  usage: { input_tokens: 5, output_tokens: 2 },
});
const message = (block: object, stop_reason: string) => ({
  type: 'message',
  role: 'assistant',
  id: 'msg_1',
  model: 'claude',
  content: [block],
  stop_reason,
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 2 },
});
const candidate = (part: object) => ({
  candidates: [{ content: { role: 'model', parts: [part] }, finishReason: 'STOP' }],
  usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 2, totalTokenCount: 7 },
});

export const DIALECTS = {
  openai: {
    asked: (body) => ({
      tools: (body.tools?.length ?? 0) > 0,
      format: body.text?.format !== undefined,
      result: body.input.some(({ type }: Body) => type === 'function_call_output'),
      again: again(body),
    }),
    call: (name, args) =>
      response({
        type: 'function_call',
        id: 'fc_1',
        call_id: 'call_1',
        name,
        arguments: JSON.stringify(args),
      }),
    say: (text) =>
      response({
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [] }],
      }),
  },
  anthropic: {
    refuses: (_body, { result, tools }) =>
      result && !tools
        ? 'Requests which include `tool_use` or `tool_result` blocks must define tools'
        : undefined,
    asked: (body) => ({
      tools: (body.tools?.length ?? 0) > 0,
      format: body.output_format !== undefined || body.output_config?.format !== undefined,
      result: JSON.stringify(body.messages).includes('"tool_result"'),
      again: again(body),
    }),
    call: (name, input) => message({ type: 'tool_use', id: 'toolu_1', name, input }, 'tool_use'),
    say: (text) => message({ type: 'text', text }, 'end_turn'),
  },
  gemini: {
    refuses: (_body, { tools, format }) =>
      tools && format
        ? "Function calling with a response mime type: 'application/json' is unsupported"
        : undefined,
    asked: (body) => ({
      tools: (body.tools?.length ?? 0) > 0,
      format: body.generationConfig?.responseMimeType === 'application/json',
      result: JSON.stringify(body.contents).includes('"functionResponse"'),
      again: again(body),
    }),
    call: (name, args) => candidate({ functionCall: { name, args } }),
    say: (text) => candidate({ text }),
  },
  ollama: { ...chat, ...isGrammar },
  'llama.cpp': {
    ...chat,
    refuses: (_body, { tools, format }) =>
      tools && format ? 'Cannot use custom grammar constraints with tools.' : undefined,
  },
  'LM Studio': {
    ...chat,
    ...isGrammar,
    refuses: ({ response_format }) =>
      response_format?.type === 'json_object'
        ? "'response_format.type' must be 'json_schema' or 'text'"
        : undefined,
  },
  vLLM: { ...chat, ...isGrammar },
} satisfies Record<string, Dialect>;
