import {
  AGENT_CALL_SECONDS,
  type AgentLimits,
  type AttemptInput,
  type ChildCall,
  isCopied,
  type RunLimits,
  type ToolFinishedEntry,
  type ToolStartedEntry,
} from '@agenthook/contracts';
import { callIdOf } from './asks.js';
import { LEAST_USEFUL, spentByChildren, spentOn } from './budget.js';
import type { Journal } from './journal.js';
import type { OpenTool } from './tools/tool.js';
import type { Verdict } from './verdict.js';

export const CHILD_LATE = 'The agent did not finish in time and was stopped. What it had done stays done.';
export const CHILD_GONE = 'The result of this agent has expired or was removed, so it is unknown.';
/** What the agent's task ended with follows it. */
export const CHILD_FAILED = 'The agent failed. What it had done stays done.';

/** How a call of an agent ended, before it is made short enough for the model. */
type ChildEnding = Pick<ToolFinishedEntry, 'result' | 'error' | 'spent' | 'duration_ms'>;

type Started = ToolStartedEntry & { child: ChildCall };

/** The calls of a run that are tasks of other agents. */
export interface ChildCalls {
  /** The entry that begins a call, or why it may not be made, in words for the model. */
  plan(
    opened: OpenTool,
    call: string,
    args: Record<string, unknown>,
  ): Promise<{ refused: string } | Omit<Started, 'at' | 'attempt'>>;
  /** The end of a call; undefined while its task runs, which is then among `waiting`. */
  follow(started: Started): Promise<ChildEnding | undefined>;
  /** Tasks that this run waits for. While there are any, the model must not take another turn. */
  waiting: string[];
  /** Why the attempt ends, if a task could not be created. */
  verdict(): Verdict | undefined;
}

export const isChild = (entry: ToolStartedEntry | undefined): entry is Started => entry?.child !== undefined;

export function openChildCalls(run: {
  journal: Journal;
  input: Pick<AttemptInput, 'agents' | 'task' | 'agent'>;
  now: () => Date;
  onDefect: (error: unknown, tool: string) => void;
}): ChildCalls {
  const { journal, input, now } = run;
  const { agents, task } = input;
  const waiting: string[] = [];
  let verdict: Verdict | undefined;
  return {
    waiting,
    verdict: () => verdict,
    plan: async ({ name, delegates, config }, call, args) => {
      const { agent_id, is_wrapped } = delegates ?? { agent_id: '', is_wrapped: false };
      const limits = shareOf(input.agent.config.limits, journal, delegating(input));
      if ('refused' in limits) return limits;
      const admitted = await agents.admit(agent_id, call);
      if ('refused' in admitted) return admitted;
      const ms = (config?.timeout_seconds ?? AGENT_CALL_SECONDS) * 1000;
      return {
        type: 'tool_started',
        call,
        name,
        arguments: args,
        child: {
          task_id: admitted.task_id,
          call_id: callIdOf(call),
          agent_id,
          limits,
          expires_ms: now().getTime() + Math.min(ms, task.time_left_ms ?? ms),
          ...(is_wrapped && { is_wrapped }),
        },
      };
    },
    follow: async (started) => {
      try {
        const child = await agents.follow(started);
        if (child.state === 'open') {
          waiting.push(started.child.task_id);
          return undefined;
        }
        return endingOf(child, now().getTime() - Date.parse(started.at));
      } catch (error) {
        run.onDefect(error, started.name);
        const message = `The task of the call of "${started.name}" could not be created or read.`;
        verdict ??= { code: 'internal', message, retryable: true };
        return undefined;
      }
    },
  };
}

function endingOf(
  child: Exclude<Awaited<ReturnType<AttemptInput['agents']['follow']>>, { state: 'open' }>,
  passedMs: number,
): ChildEnding {
  switch (child.state) {
    case 'late':
      return { error: CHILD_LATE, duration_ms: passedMs, spent: child.spent };
    case 'gone':
      return { error: CHILD_GONE, duration_ms: passedMs };
    case 'succeeded':
      return { result: child.result, duration_ms: child.duration_ms, spent: child.spent };
    case 'failed': {
      const { code, message, duration_ms, spent } = child;
      return { error: `${CHILD_FAILED} ${code}: ${message}`, duration_ms, spent };
    }
  }
}

/** The names of the run's tools that call agents. */
const delegating = ({ agent }: Pick<AttemptInput, 'agent'>): Set<string> =>
  new Set(agent.config.tools.filter(({ type }) => type === 'agent').map(({ name }) => name));

/**
 * What a call of the last turn may use: what is left to the task, divided among the turn's calls of agents.
 * It follows from the journal alone, so it is the same whichever of these calls begins or ends first.
 */
function shareOf(
  limits: AgentLimits,
  journal: Journal,
  names: ReadonlySet<string>,
): RunLimits | { refused: string } {
  const calls = Math.max(1, callsOf(journal, names));
  const earlier = spentByChildren(journal, journal.taken);
  const own = spentOn(journal);
  const turns = journal.turns.slice(0, journal.taken).filter((turn) => !isCopied(turn)).length;
  const { max_steps, max_total_tokens, max_cost_usd } = limits;
  // One turn is left for the answer.
  const steps = Math.floor((max_steps - turns - earlier.steps - 1) / calls);
  if (steps < 1) return refused('steps', `max_steps (${max_steps})`);
  const share: RunLimits = { max_steps: steps };
  if (max_total_tokens !== null) {
    const used = own.input_tokens + own.output_tokens + earlier.total_tokens;
    share.max_total_tokens = Math.floor((max_total_tokens - used) / calls);
    if (share.max_total_tokens < LEAST_USEFUL) return refused('tokens', 'max_total_tokens');
  }
  if (max_cost_usd !== null) {
    const left = max_cost_usd - (own.cost_usd ?? 0) - (earlier.cost_usd ?? 0);
    if (left <= 0) return refused('dollars', 'max_cost_usd');
    share.max_cost_usd = left / calls;
  }
  return share;
}

const refused = (what: string, limit: string) => ({
  refused: `This call was not made: too few ${what} of ${limit} are left for another agent. Answer without it.`,
});

/** How many calls of the last turn are calls of agents. */
function callsOf({ turns, taken }: Journal, names: ReadonlySet<string>): number {
  const answer = turns[taken - 1]?.result as { content?: { type: string; toolName?: string }[] } | undefined;
  return (answer?.content ?? []).filter((part) => part.type === 'tool-call' && names.has(part.toolName ?? ''))
    .length;
}
