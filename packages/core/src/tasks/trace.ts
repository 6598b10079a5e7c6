import type { LogEntry, TaskState, TraceStep } from '@agenthook/contracts';
import type { Context } from '../context.js';
import { keys } from '../redis/keys.js';
import { taskStatus } from './status.js';
import type { TaskData } from './task-data.js';
import { shardOf } from './task-id.js';
import { readTaskLog } from './task-log.js';

/** How much of a tool's result a trace shows, in characters of JSON. */
const SHOWN = 10_000;

/** A task's state with what came in and each step that was taken; undefined for an unknown id. */
export type Trace = TaskState & {
  agent_id: string;
  agent_version: number;
  payload: unknown;
  headers: Record<string, string>;
  prompt: { system: string; user: string } | null;
  steps: TraceStep[];
  failed_attempts: { attempt: number; at: string; code: string; message: string }[];
};

/** Reads the trace of a task. O(size of its log). */
export async function taskTrace(ctx: Context, taskId: string): Promise<Trace | undefined> {
  const shard = shardOf(taskId, ctx.queues.length);
  if (shard === undefined) return undefined;
  const [state, data, log] = await Promise.all([
    taskStatus(ctx, taskId),
    ctx.redis.hget(keys.job(shard, taskId), 'data'),
    readTaskLog(ctx, shard, taskId),
  ]);
  if (!state || data === null) return undefined;
  const { agent_id, agent_version, payload, headers } = JSON.parse(data) as TaskData;
  const prompt = log.find((entry) => entry.type === 'prompt');
  return {
    ...state,
    agent_id,
    agent_version,
    payload,
    headers,
    prompt: prompt ? { system: prompt.system, user: prompt.user } : null,
    steps: stepsOf(log),
    failed_attempts: log.flatMap((entry) =>
      entry.type === 'attempt_failed'
        ? [{ attempt: entry.attempt, at: entry.at, code: entry.code, message: entry.message }]
        : [],
    ),
  };
}

/** The parts of a model's stored answer that a trace shows. */
interface StoredAnswer {
  content?: { type: string; text?: string; toolCallId?: string; toolName?: string; input?: unknown }[];
  finishReason?: { unified?: string };
}

function stepsOf(log: readonly LogEntry[]): TraceStep[] {
  const turns = log.filter((entry) => entry.type === 'turn');
  return turns.map((turn, index) => {
    const answer = turn.result as StoredAnswer;
    const said = (type: string) =>
      (answer.content ?? []).flatMap((part) => (part.type === type ? [part.text ?? ''] : [])).join('');
    const { at, attempt, model, latency_ms, input_tokens, output_tokens, cost_usd } = turn;
    return {
      at,
      attempt,
      model,
      latency_ms,
      input_tokens,
      output_tokens,
      cost_usd,
      text: said('text'),
      thought: said('reasoning'),
      finish_reason: answer.finishReason?.unified ?? 'unknown',
      tool_calls: callsOf(log, index + 1, answer),
    };
  });
}

/** The calls that the model asked for in one turn. One that was begun again after a crash stands with its last beginning. */
function callsOf(log: readonly LogEntry[], turn: number, answer: StoredAnswer): TraceStep['tool_calls'] {
  const asked = (answer.content ?? []).filter((part) => part.type === 'tool-call');
  return asked.map(({ toolCallId, toolName = '', input }) => {
    const call = `${turn}:${toolCallId}`;
    const started = log.findLast((entry) => entry.type === 'tool_started' && entry.call === call);
    if (started?.type !== 'tool_started') {
      const error = 'Not made: there is no such tool, or it does not take these arguments.';
      return { name: toolName, arguments: input ?? null, result: null, error, duration_ms: 0 };
    }
    const end = log.findLast((entry) => entry.type === 'tool_finished' && entry.call === call);
    const finished = end?.type === 'tool_finished' ? end : undefined;
    return {
      name: started.name,
      arguments: started.arguments,
      ...shown(finished?.result ?? null),
      error: finished ? (finished.error ?? null) : 'Not finished.',
      duration_ms: finished?.duration_ms ?? 0,
    };
  });
}

function shown(result: unknown): { result: unknown; truncated_characters?: number } {
  const json = JSON.stringify(result);
  if (json.length <= SHOWN) return { result };
  return { result: json.slice(0, SHOWN), truncated_characters: json.length };
}
