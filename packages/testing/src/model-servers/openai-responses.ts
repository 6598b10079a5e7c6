import { openAiError } from './openai-chat.js';
import { type Answer, textOf } from './script.js';
import type { Wire } from './wire.js';

/** POST /v1/responses: https://platform.openai.com/docs/api-reference/responses */
export const responses: Wire = {
  read: (body) => {
    const input = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : body.input;
    return {
      user: textOf(input.findLast((item: { role?: string }) => item.role === 'user')),
      all: `${textOf(body.instructions)}\n${textOf(input)}`,
      model: body.model,
      stream: body.stream === true,
    };
  },
  json: (answer) => whole(answer, output(answer)),
  events: (answer) => {
    const items = output(answer);
    const events = [
      { type: 'response.created', response: { ...whole(answer, []), status: 'in_progress', usage: null } },
      ...items.flatMap((item, output_index) => itemEvents(item, output_index)),
      {
        type: answer.finish === 'length' ? 'response.incomplete' : 'response.completed',
        response: whole(answer, items),
      },
    ];
    return events.map((event, sequence_number) => ({
      event: event.type,
      data: { ...event, sequence_number },
    }));
  },
  error: openAiError,
};

// biome-ignore lint/suspicious/noExplicitAny: the items of this API are a wide union.
type Item = Record<string, any> & { type: string; id: string };

function output(answer: Answer): Item[] {
  const { id, text, refusal, reasoning } = answer;
  const content = [
    ...(text === '' ? [] : [{ type: 'output_text', text, annotations: [], logprobs: [] }]),
    ...(refusal === undefined ? [] : [{ type: 'refusal', refusal }]),
  ];
  return [
    ...(reasoning === ''
      ? []
      : [{ type: 'reasoning', id: `rs_${id}`, summary: [{ type: 'summary_text', text: reasoning }] }]),
    ...(content.length === 0
      ? []
      : [{ type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content }]),
    ...answer.tool_calls.map((call, index) => ({
      type: 'function_call',
      id: `fc_${id}_${index}`,
      call_id: call.id,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
      status: 'completed',
    })),
  ];
}

function whole(answer: Answer, items: Item[]) {
  const reasons: Partial<Record<Answer['finish'], string>> = {
    length: 'max_output_tokens',
    content_filter: 'content_filter',
  };
  const reason = reasons[answer.finish];
  const { input_tokens, output_tokens } = answer.usage;
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: Math.floor(Date.now() / 1000),
    status: reason ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: reason ? { reason } : null,
    model: answer.model,
    output: items,
    usage: {
      input_tokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input_tokens + output_tokens,
    },
  };
}

function itemEvents(item: Item, output_index: number): ({ type: string } & Record<string, unknown>)[] {
  const at = { output_index, item_id: item.id };
  const done = { type: 'response.output_item.done', output_index, item };
  if (item.type === 'reasoning') {
    const summary = { ...at, summary_index: 0 };
    return [
      { type: 'response.output_item.added', output_index, item: { ...item, summary: [] } },
      { type: 'response.reasoning_summary_part.added', ...summary, part: { type: 'summary_text', text: '' } },
      { type: 'response.reasoning_summary_text.delta', ...summary, delta: item.summary[0].text },
      done,
    ];
  }
  if (item.type === 'function_call') {
    return [
      { type: 'response.output_item.added', output_index, item: { ...item, arguments: '' } },
      { type: 'response.function_call_arguments.delta', ...at, delta: item.arguments },
      { type: 'response.function_call_arguments.done', ...at, arguments: item.arguments },
      done,
    ];
  }
  return [
    { type: 'response.output_item.added', output_index, item: { ...item, content: [] } },
    ...item.content.flatMap(
      (part: { type: string; text?: string; refusal?: string }, content_index: number) =>
        part.type === 'refusal'
          ? [{ type: 'response.refusal.delta', ...at, content_index, delta: part.refusal }]
          : (part.text?.match(/\S+\s*|\s+/g) ?? []).map((delta) => ({
              type: 'response.output_text.delta',
              ...at,
              content_index,
              delta,
            })),
    ),
    done,
  ];
}
