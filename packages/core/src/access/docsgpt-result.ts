import type { DocsgptSuccess, PublicTaskResult, TaskSuccess, ToolCall } from '@agenthook/contracts';

/** A result as DocsGPT's own webhooks write it, before it has that shape. */
type FlatResult = Exclude<PublicTaskResult, DocsgptSuccess | string>;

/**
 * A result as the clients of DocsGPT's webhooks read it: a success is nested, a failure is text. What
 * `public_result` hides is empty, because those clients expect every member.
 */
export function docsgptResult(result: FlatResult): DocsgptSuccess | string | null {
  if (result === null) return null;
  if ('error' in result) return `${result.error.code}: ${result.error.message}`;
  const { tool_calls = [], sources = [], thought = '' }: Partial<TaskSuccess> = result;
  return {
    status: 'success',
    result: {
      answer: result.answer,
      sources: sources.map(({ title, url }) => ({ title: title ?? url, source: url, text: '' })),
      tool_calls: tool_calls.map(docsgptCall),
      thought,
      ...('output' in result && { output: result.output }),
    },
  };
}

const docsgptCall = ({ name, arguments: given, result, error }: ToolCall, index: number) => ({
  tool_name: name,
  action_name: name,
  call_id: `call_${index + 1}`,
  arguments: given,
  result: error ?? (typeof result === 'string' ? result : JSON.stringify(result)),
  status: error === null ? ('completed' as const) : ('error' as const),
});
