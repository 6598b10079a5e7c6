import { formatCost, formatDuration, formatNumber, NO_VALUE } from '../../../components/format.js';
import { errorOf, isFull, type Trace, usageOf } from '../detail/trace.js';
import { TRIGGERS } from '../run-names.js';

/** How much of a text is compared, in characters. */
export const MOST = 100_000;

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

/** A text of both runs. */
interface Compared {
  name: string;
  isSame: boolean;
  /** The beginnings of both. */
  texts: [string, string];
  /** Whether only the beginnings are compared. */
  isCut: boolean;
}

/** What is compared line by line; nothing of runs whose content is withheld. */
export function textsOf(left: Trace, right: Trace): Compared[] {
  if (!isFull(left) || !isFull(right)) return [];
  const compared = (name: string, of: (trace: typeof left) => string): Compared => {
    const [one, other] = [of(left), of(right)];
    return {
      name,
      isSame: one === other,
      texts: [one.slice(0, MOST), other.slice(0, MOST)],
      isCut: Math.max(one.length, other.length) > MOST,
    };
  };
  return [
    compared('Payload', ({ payload }) => written(payload)),
    compared('System prompt', ({ prompt }) => prompt?.system ?? ''),
    compared('User prompt', ({ prompt }) => prompt?.user ?? ''),
    compared('Tool calls', callsOf),
    compared('Answer', answerOf),
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
