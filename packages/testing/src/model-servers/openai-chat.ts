import { type Answer, textOf } from './script.js';
import type { Wire } from './wire.js';

const FINISH = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content_filter',
  tool_calls: 'tool_calls',
  pause: 'stop',
} as const satisfies Record<Answer['finish'], string>;

const usage = ({ input_tokens, output_tokens }: Answer['usage']) => ({
  prompt_tokens: input_tokens,
  completion_tokens: output_tokens,
  total_tokens: input_tokens + output_tokens,
});

const toolCalls = (answer: Answer) =>
  answer.tool_calls.map((call, index) => ({
    index,
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  }));

const words = (text: string) => text.match(/\S+\s*|\s+/g) ?? [];

/** POST /v1/chat/completions: https://platform.openai.com/docs/api-reference/chat */
export const chatCompletions: Wire = {
  read: (body) => ({
    user: textOf(body.messages.findLast((message: { role: string }) => message.role === 'user')),
    all: textOf(body.messages),
    model: body.model,
    stream: body.stream === true,
  }),
  json: (answer) => ({
    ...head(answer, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: answer.text === '' ? null : answer.text,
          refusal: answer.refusal ?? null,
          ...(answer.reasoning !== '' && { reasoning_content: answer.reasoning }),
          ...(answer.tool_calls.length > 0 && {
            tool_calls: toolCalls(answer).map(({ index: _index, ...call }) => call),
          }),
        },
        finish_reason: FINISH[answer.finish],
      },
    ],
    usage: usage(answer.usage),
  }),
  events: (answer, body) => {
    const chunk = (delta: object, finish_reason: string | null = null) => ({
      data: { ...head(answer, 'chat.completion.chunk'), choices: [{ index: 0, delta, finish_reason }] },
    });
    const wantsUsage = (body as { stream_options?: { include_usage?: boolean } }).stream_options
      ?.include_usage;
    return [
      chunk({ role: 'assistant', content: '' }),
      ...words(answer.reasoning).map((word) => chunk({ reasoning_content: word })),
      ...words(answer.text).map((word) => chunk({ content: word })),
      ...(answer.refusal === undefined ? [] : [chunk({ refusal: answer.refusal })]),
      ...toolCalls(answer).map((call) => chunk({ tool_calls: [call] })),
      chunk({}, FINISH[answer.finish]),
      ...(wantsUsage
        ? [{ data: { ...head(answer, 'chat.completion.chunk'), choices: [], usage: usage(answer.usage) } }]
        : []),
      { data: '[DONE]' },
    ];
  },
  error: openAiError,
};

function head(answer: Answer, object: string) {
  return { id: `chatcmpl-${answer.id}`, object, created: Math.floor(Date.now() / 1000), model: answer.model };
}

/** OpenAI's error body, with its type for each status. */
export function openAiError(status: number, message: string) {
  const types: Record<number, string> = {
    401: 'invalid_request_error',
    403: 'permission_error',
    429: 'rate_limit_exceeded',
  };
  const type = types[status] ?? (status < 500 ? 'invalid_request_error' : 'server_error');
  return { error: { message, type, param: null, code: null } };
}
