import { createHash } from 'node:crypto';
import type { WhenBusy } from '@agenthook/contracts';
import { keys } from '../redis/keys.js';
import { virtualShardOf } from './task-id.js';

/** For the scripts. */
export { MAX_CONVERSATION_TASKS } from '@agenthook/contracts';

/** The fields of a conversation's hash. */
export const CONVERSATION = {
  agent: 'agent',
  /** The rendered key, cut to what is shown. */
  key: 'key',
  /** '1' if it consists of test events. */
  isTest: 'test',
  created: 'created_ms',
  /** When its last event came. */
  updated: 'updated_ms',
  /** How long it is kept after its last run. */
  ttl: 'ttl_ms',
  /** How many events have reached it. */
  events: 'events',
} as const;

/** What follows the name of a conversation's hash in the names of its other keys. */
export const CONVERSATION_PARTS = {
  /** Its tasks by number of arrival, newest MAX_CONVERSATION_TASKS. */
  tasks: ':tasks',
  /** A ConversationTurn as JSON, by task id. */
  turns: ':turns',
  /** Its tasks that wait for their turn, by number of arrival. */
  waiting: ':waiting',
  /** Its open tasks that have their turn. */
  running: ':running',
} as const;

/** How a task takes part in a conversation. */
export interface ConversationEntry {
  id: string;
  whenBusy: WhenBusy;
  ttlMs: number;
  /** The key, cut to what is shown. */
  key: string;
  isTest: boolean;
}

const KEY_SEPARATOR = '\n';

/**
 * The id of the conversation of an agent that a key names. It begins with the shard of the agent's tasks, so
 * that one script sees both. Test events have conversations of their own.
 */
export function conversationIdOf(agentId: string, key: string, isTest: boolean): string {
  const parts = [agentId, isTest ? 'test' : '', key];
  const digest = createHash('sha256').update(parts.join(KEY_SEPARATOR)).digest('hex');
  const shard = virtualShardOf(agentId).toString(16).padStart(2, '0');
  return `cnv_${shard}${digest.slice(0, 32)}`;
}

/** Which of `shards` queues contains the tasks of a conversation, whose id has the right form. */
export const shardOfConversation = (id: string, shards: number): number =>
  Number.parseInt(id.slice(4, 6), 16) % shards;

/** The keys of a conversation. */
export function conversationKeys(shard: number, id: string) {
  const about = keys.conversation(shard, id);
  return {
    about,
    tasks: about + CONVERSATION_PARTS.tasks,
    turns: about + CONVERSATION_PARTS.turns,
    waiting: about + CONVERSATION_PARTS.waiting,
    running: about + CONVERSATION_PARTS.running,
  };
}
