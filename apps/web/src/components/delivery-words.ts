import type { Schema } from '../api/client.js';

type Reason = NonNullable<Schema<'CallbackDelivery'>['reason']>;

const REASONS: Record<Reason, string> = {
  exhausted: 'every attempt of three days failed',
  gone: 'the receiver wants no more',
  refused: 'AgentHook may not call this address',
  task_expired: 'the run had expired',
  worker_lost: 'one worker after the other died with it',
  callback_disabled: 'deliveries had stopped',
  callback_removed: 'the callback was removed',
  agent_deleted: 'the agent was deleted',
};

/** How a delivery stands, and why. */
export const deliveryWords = ({ status, reason }: Pick<Schema<'CallbackDelivery'>, 'status' | 'reason'>) =>
  reason === null ? status : `${status}: ${REASONS[reason]}`;
