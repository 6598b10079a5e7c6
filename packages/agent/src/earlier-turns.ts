import type { ConversationTurn } from '@agenthook/contracts';
import { fenceTag, withoutTag } from '@agenthook/template';
import type { ModelMessage } from 'ai';
import { estimateTokens } from './turn-usage.js';

export interface EarlierContext {
  /** Upper bound for all messages, in estimated tokens. */
  max_tokens: number;
  /** The fence tag of this task. */
  tag: string;
  /** Marks text as data from outside. */
  fence: (text: string) => string;
  /** Whether this run offers a tool of that name. */
  isOffered: (name: string) => boolean;
}

/**
 * The messages of a conversation's earlier turns, oldest first, within `max_tokens`. The oldest turns are
 * left out first. The first turn that does not fit is told without its tool calls, if that fits.
 */
export function earlierMessages(turns: readonly ConversationTurn[], context: EarlierContext): ModelMessage[] {
  const messages: ModelMessage[][] = [];
  let left = context.max_tokens;
  for (const turn of turns.toReversed()) {
    const whole = messagesOf(turn, context);
    const short = messagesOf({ ...turn, tool_calls: [] }, context);
    const told = [whole, short].find((each) => estimateTokens(each) <= left);
    if (told) messages.unshift(told);
    if (told !== whole) break;
    left -= estimateTokens(whole);
  }
  return messages.flat();
}

function saidIn({ error_code }: ConversationTurn, texts: string[]): string {
  if (error_code === undefined) return texts.join('\n');
  return [...texts.filter((text) => text !== ''), `(This run ended without an answer: ${error_code}.)`].join(
    '\n',
  );
}

/**
 * A turn's messages. Its texts have the fence of its own task, whose id its sender knows by now, so they get
 * the fence of this one. Calls of tools that are no longer offered are told as text: some providers refuse
 * calls of tools that the request does not define.
 */
function messagesOf(turn: ConversationTurn, { tag, fence, isOffered }: EarlierContext): ModelMessage[] {
  const own = fenceTag(turn.task_id);
  // An event of an open burst may have come after this task, and name its tag.
  const retag = (text: string) => withoutTag(tag, text).replaceAll(own, tag);
  const gone: string[] = [];
  const calls = turn.tool_calls.flatMap(({ name, arguments: input, result, error }, n): ModelMessage[] => {
    const value = fence(
      retag(error ?? (typeof result === 'string' ? result : JSON.stringify(result ?? null))),
    );
    if (!isOffered(name)) {
      gone.push(`Called ${name} with ${fence(JSON.stringify(input ?? null))}: ${value}`);
      return [];
    }
    const call = { toolCallId: `${turn.task_id.slice(0, 8)}-${n}`, toolName: name };
    return [
      { role: 'assistant', content: [{ type: 'tool-call', ...call, input: input ?? {} }] },
      { role: 'tool', content: [{ type: 'tool-result', ...call, output: { type: 'text', value } }] },
    ];
  });
  return [
    { role: 'user', content: retag(turn.user) },
    ...calls,
    { role: 'assistant', content: saidIn(turn, [...gone, retag(turn.answer)]) },
  ];
}
