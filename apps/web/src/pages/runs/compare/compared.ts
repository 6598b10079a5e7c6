import { formatCost, formatDuration, formatNumber, NO_VALUE } from '../../../components/format.js';
import { errorOf, isFull, type Trace, usageOf } from '../detail/trace.js';
import { TRIGGERS } from '../run-names.js';

/** The longest text that is compared, in characters. */
const MOST = 100_000;

/** What is compared fact by fact, in words. */
export function factsOf(
  trace: Trace,
  agents: ReadonlyMap<string, string> | undefined,
): Record<string, string> {
  const { tokens, cost } = usageOf(trace);
  const { created_at, started_at, finished_at, result } = trace;
  const between = (from: string | null, to: string | null) =>
    from === null || to === null ? NO_VALUE : formatDuration(Date.parse(to) - Date.parse(from));
  return {
    Status: errorOf(trace)?.code ?? trace.status,
    Agent: `${agents?.get(trace.agent_id) ?? trace.agent_id} v${trace.agent_version}`,
    Model: (result && 'model' in result ? result.model : trace.steps.at(-1)?.model) ?? NO_VALUE,
    Trigger: TRIGGERS[trace.trigger],
    Queue: between(created_at, started_at),
    Duration: between(started_at, finished_at),
    Attempts: `${trace.attempt} / ${trace.max_attempts}`,
    Steps: formatNumber(trace.steps.length),
    'Tool calls':
      trace.steps.flatMap(({ tool_calls }) => tool_calls.map(({ name }) => name)).join(', ') || NO_VALUE,
    Tokens: formatNumber(tokens),
    'From cache': formatNumber(result?.usage.cached_input_tokens ?? 0),
    Reasoning: formatNumber(result?.usage.reasoning_tokens ?? 0),
    Cost: formatCost(cost),
  };
}

/** What is compared line by line; nothing of runs whose content is withheld. */
export function textsOf(left: Trace, right: Trace): { name: string; texts: [string, string] }[] {
  if (!isFull(left) || !isFull(right)) return [];
  const pair = (of: (trace: typeof left) => string): [string, string] => [
    of(left).slice(0, MOST),
    of(right).slice(0, MOST),
  ];
  return [
    { name: 'Payload', texts: pair(({ payload }) => written(payload)) },
    { name: 'System prompt', texts: pair(({ prompt }) => prompt?.system ?? '') },
    { name: 'User prompt', texts: pair(({ prompt }) => prompt?.user ?? '') },
    { name: 'Tool calls', texts: pair(callsOf) },
    { name: 'Answer', texts: pair(answerOf) },
  ];
}

const written = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');

const callsOf = ({ steps }: Trace): string =>
  steps
    .flatMap(({ tool_calls }, n) =>
      tool_calls.map((call) => {
        const given = 'arguments' in call ? written(call.arguments) : '';
        const got = 'result' in call ? (call.error ?? written(call.result)) : '';
        return `${n + 1}. ${call.name} ${given}\n→ ${got}`;
      }),
    )
    .join('\n');

const answerOf = (trace: Trace): string => {
  const error = errorOf(trace);
  const answer = trace.result && 'answer' in trace.result ? (trace.result.answer ?? '') : '';
  return error ? `${error.code}: ${error.message ?? ''}\n${answer}` : answer;
};
