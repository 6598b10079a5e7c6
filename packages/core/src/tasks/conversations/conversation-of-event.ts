import { type ConversationConfig, SHOWN_KEY_CHARACTERS } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { type ConversationEntry, conversationIdOf } from '../../queue/conversation.js';
import { renderKey } from '../render-key.js';

/**
 * How an event takes part in a conversation of its agent; empty if it runs alone.
 *
 * @param variables payload, headers and query. As text: JSON that is too large to parse here
 * @param isTest test events have conversations of their own
 */
export async function conversationOfEvent(
  ctx: Context,
  agentId: string,
  conversation: Omit<ConversationConfig, 'max_tokens'>,
  variables: Record<string, unknown> | string,
  isTest: boolean,
): Promise<{ conversation?: ConversationEntry; conversationError?: string }> {
  const rendered = await renderKey(ctx, agentId, conversation.key, variables);
  if ('error' in rendered) return { conversationError: rendered.error };
  const { key } = rendered;
  if (key === '') return {};
  return {
    conversation: {
      id: conversationIdOf(agentId, key, isTest),
      whenBusy: conversation.when_busy,
      ttlMs: conversation.ttl_seconds * 1000,
      key: key.slice(0, SHOWN_KEY_CHARACTERS).toWellFormed(),
      isTest,
    },
  };
}
