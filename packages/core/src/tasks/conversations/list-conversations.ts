import { type Conversation, iso } from '@agenthook/contracts';
import type { Context } from '../../context.js';
import { AppError } from '../../errors.js';
import {
  CONVERSATION,
  conversationIdOf,
  conversationKeys,
  shardOfConversation,
} from '../../queue/conversation.js';
import { shardOfAgent } from '../../queue/task-id.js';
import { ALL_AGENTS, keys } from '../../redis/keys.js';
import { listTasksScript } from '../list/list-tasks.script.js';
import { inOrder, type Place } from '../list/place.js';

/** Which conversations to list. `key` needs an agent. */
export interface ConversationFilter {
  agentId?: string | undefined;
  key?: string | undefined;
}

/**
 * A page of conversations, the one with the latest event first. A page may be shorter than `limit` and still
 * have a next one, because it leaves out conversations that have expired.
 *
 * Throws `invalid_request` for an invalid cursor, or a key without an agent.
 */
export async function listConversations(
  ctx: Context,
  { agentId, key }: ConversationFilter,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ conversations: Conversation[]; next_cursor: string | null }> {
  if (key !== undefined) {
    if (agentId === undefined)
      throw new AppError(
        'invalid_request',
        'key needs agent_id: the same key names one conversation per agent.',
      );
    const ids = [false, true].map((isTest) => conversationIdOf(agentId, key, isTest));
    return { conversations: await readConversations(ctx, ids), next_cursor: null };
  }
  const after = cursor === undefined ? undefined : placeOf(cursor);
  const shards = agentId === undefined ? [...ctx.queues.keys()] : [shardOfAgent(agentId, ctx.queues.length)];
  const found = await Promise.all(
    shards.map((shard) =>
      listTasksScript(
        ctx.redis,
        { sets: [keys.conversations(shard, agentId ?? ALL_AGENTS)] },
        {
          newest: after?.ms ?? '+inf',
          oldest: '-inf',
          afterMs: after?.ms ?? '',
          afterId: after?.id ?? '',
          count: limit + 1,
        },
      ),
    ),
  );
  const places = found
    .flatMap((rows) => rows.flatMap((id, n) => (n % 2 === 0 ? [{ id, ms: Number(rows[n + 1]) }] : [])))
    .sort(inOrder);
  const page = places.slice(0, limit);
  const last = places.length > limit ? page.at(-1) : undefined;
  return {
    conversations: await readConversations(
      ctx,
      page.map(({ id }) => id),
    ),
    next_cursor: last ? Buffer.from(`${last.ms}.${last.id}`).toString('base64url') : null,
  };
}

function placeOf(cursor: string): Place {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, ms, id] = /^(\d{1,16})\.(cnv_[0-9a-f]{34})$/.exec(text) ?? [];
  if (ms === undefined || id === undefined)
    throw new AppError('invalid_request', 'cursor must be the next_cursor of an earlier answer, unchanged.');
  return { ms: Number(ms), id };
}

/** What is known of conversations, in the order of their ids, without those that do not exist. */
export async function readConversations(ctx: Context, ids: readonly string[]): Promise<Conversation[]> {
  if (ids.length === 0) return [];
  const batch = ctx.redis.pipeline();
  for (const id of ids) {
    const at = conversationKeys(shardOfConversation(id, ctx.queues.length), id);
    batch.hgetall(at.about).pttl(at.about).scard(at.running).zcard(at.waiting);
  }
  const rows = ((await batch.exec()) ?? []).map(([error, row]) => {
    if (error) throw error;
    return row;
  });
  return ids.flatMap((id, n) => {
    const [about, ttlMs, running, waiting] = rows.slice(4 * n) as [
      Record<string, string>,
      number,
      number,
      number,
    ];
    const { [CONVERSATION.agent]: agent, [CONVERSATION.created]: created } = about;
    if (agent === undefined || created === undefined) return [];
    return [
      {
        id,
        agent_id: agent,
        key: about[CONVERSATION.key] ?? '',
        is_test: about[CONVERSATION.isTest] === '1',
        events: Number(about[CONVERSATION.events]),
        open_tasks: running + waiting,
        created_at: iso(Number(created)),
        updated_at: iso(Number(about[CONVERSATION.updated])),
        expires_at: ttlMs < 0 ? null : iso(ctx.now() + ttlMs),
      },
    ];
  });
}
