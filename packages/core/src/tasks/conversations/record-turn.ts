import {
  type ConversationTurn,
  type FailureCode,
  iso,
  type LogEntry,
  MAX_CONVERSATION_BYTES,
  MAX_TURN_TEXT,
} from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { conversationKeys } from '../../queue/conversation.js';
import { keys } from '../../redis/keys.js';
import type { HeldTask } from '../run-alone.js';
import { stepsOf } from '../steps.js';
import { readTaskLog } from '../task-log.js';
import { shown } from '../trace.js';
import { appendTurnScript } from './append-turn.script.js';

/** How much the tool calls of one turn have at most, in characters of JSON. */
const MOST_CALLS = MAX_CONVERSATION_BYTES / 4;

/** How a run ended that adds a turn without an answer. */
interface FailedTurn {
  code: FailureCode;
  /** The user message, which the journal does not have before the first answer of a model. */
  user: string | undefined;
}

/**
 * Adds what a task was asked and has done to its conversation, from its journal. Call it before the task
 * ends, because its end starts the next task of the conversation. A task that is run again, after its worker
 * died in between, replaces its turn.
 */
export async function recordTurn(
  ctx: Context,
  { shard, id, token }: HeldTask,
  conversation: string,
  failed?: FailedTurn,
): Promise<void> {
  const turn = turnOf(id, await readTaskLog(ctx, shard, id), iso(ctx.now()), failed);
  const { tasks, turns } = conversationKeys(shard, conversation);
  // Never compressed: the script adds up the sizes that are stored.
  const kept = await ctx.seal.keep(JSON.stringify(turn), Number.POSITIVE_INFINITY);
  await appendTurnScript(
    ctx.redis,
    { lock: keys.jobLock(shard, id), tasks, turns },
    { id, token, turn: kept, mostBytes: MAX_CONVERSATION_BYTES },
  );
}

function turnOf(
  taskId: string,
  log: readonly LogEntry[],
  at: string,
  failed: FailedTurn | undefined,
): ConversationTurn {
  const prompt = log.find((entry) => entry.type === 'prompt');
  const steps = stepsOf(log);
  const calls = steps.flatMap(({ tool_calls }) => tool_calls);
  return {
    task_id: taskId,
    at,
    user: cut(prompt?.user ?? failed?.user ?? ''),
    tool_calls: newest(
      calls.map(({ name, arguments: args, result, error }) => ({
        name,
        arguments: shown(args).result,
        result: shown(result).result,
        error: error && cut(error),
      })),
    ),
    answer: cut(steps.at(-1)?.text ?? ''),
    ...(failed && { error_code: failed.code }),
  };
}

const cut = (text: string): string =>
  text.length > MAX_TURN_TEXT ? `${text.slice(0, MAX_TURN_TEXT).toWellFormed()}…` : text;

/** The last calls up to a size, in order. */
function newest(calls: ConversationTurn['tool_calls']): ConversationTurn['tool_calls'] {
  let left = MOST_CALLS;
  const from = calls.findLastIndex((call) => {
    left -= JSON.stringify(call).length;
    return left < 0;
  });
  return calls.slice(from + 1);
}
