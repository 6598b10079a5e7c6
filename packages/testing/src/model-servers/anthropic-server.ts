import { type Answer, textOf } from './script.js';
import { type ModelServer, type ServerOptions, startScriptedServer } from './scripted-server.js';
import type { Wire } from './wire.js';

const STOP: Record<Answer['finish'], string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  content_filter: 'refusal',
  tool_calls: 'tool_use',
  pause: 'pause_turn',
};

/** POST /v1/messages: https://docs.anthropic.com/en/api/messages */
const messages: Wire = {
  read: (body) => ({
    user: textOf(body.messages.findLast((message: { role: string }) => message.role === 'user')),
    all: `${textOf(body.system)}\n${textOf(body.messages)}`,
    model: body.model,
    stream: body.stream === true,
  }),
  json: (answer) => ({
    ...head(answer),
    content: blocks(answer),
    stop_reason: stopReason(answer),
    usage: answer.usage,
  }),
  events: (answer) => {
    const start = {
      ...head(answer),
      content: [],
      stop_reason: null,
      usage: { ...answer.usage, output_tokens: 0 },
    };
    const events = [
      { type: 'message_start', message: start },
      ...blocks(answer).flatMap(blockEvents),
      {
        type: 'message_delta',
        delta: { stop_reason: stopReason(answer), stop_sequence: null },
        usage: { output_tokens: answer.usage.output_tokens },
      },
      { type: 'message_stop' },
    ];
    return events.map((event) => ({ event: event.type, data: event }));
  },
  error: (status, message) => ({ type: 'error', error: { type: errorType(status), message } }),
};

/** Starts a server that speaks Anthropic's wire format. Set ANTHROPIC_BASE_URL to its `url`. */
export function startAnthropicServer(options: ServerOptions = {}): Promise<ModelServer> {
  return startScriptedServer({ wires: { '/v1/messages': messages } }, options);
}

type Block =
  | { type: 'thinking'; thinking: string; signature: string }
  | { type: 'text'; text: string }
  | { type: 'tool_use'; id: string; name: string; input: unknown };

function head(answer: Answer) {
  return {
    id: `msg_${answer.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    stop_sequence: null,
  };
}

function stopReason(answer: Answer): string {
  return answer.refusal === undefined ? STOP[answer.finish] : 'refusal';
}

function blocks(answer: Answer): Block[] {
  const text = answer.text || answer.refusal || '';
  return [
    ...(answer.reasoning === ''
      ? []
      : [{ type: 'thinking' as const, thinking: answer.reasoning, signature: 'signed' }]),
    ...(text === '' ? [] : [{ type: 'text' as const, text }]),
    ...answer.tool_calls.map((call) => ({
      type: 'tool_use' as const,
      id: call.id,
      name: call.name,
      input: call.arguments,
    })),
  ];
}

function blockEvents(block: Block, index: number): ({ type: string } & Record<string, unknown>)[] {
  const stop = { type: 'content_block_stop', index };
  const delta = (change: object) => ({ type: 'content_block_delta', index, delta: change });
  const start = (empty: object) => ({
    type: 'content_block_start',
    index,
    content_block: { ...block, ...empty },
  });
  switch (block.type) {
    case 'thinking':
      return [
        start({ thinking: '', signature: '' }),
        delta({ type: 'thinking_delta', thinking: block.thinking }),
        delta({ type: 'signature_delta', signature: block.signature }),
        stop,
      ];
    case 'text':
      return [start({ text: '' }), delta({ type: 'text_delta', text: block.text }), stop];
    case 'tool_use':
      return [
        start({ input: {} }),
        delta({ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }),
        stop,
      ];
  }
}

function errorType(status: number): string {
  const types: Record<number, string> = {
    401: 'authentication_error',
    403: 'permission_error',
    404: 'not_found_error',
    413: 'request_too_large',
    429: 'rate_limit_error',
    529: 'overloaded_error',
  };
  return types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}
