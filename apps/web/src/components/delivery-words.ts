import type { Schema } from '../api/client.js';

type Reason = NonNullable<Schema<'CallbackDelivery'>['reason']>;

const REASONS: Record<Reason, string> = {
  exhausted: 'every attempt in three days failed',
  gone: 'the receiver answered 410 Gone',
  refused: 'AgentHook may not call this address',
  task_expired: 'the run had expired',
  worker_lost: 'several workers died while sending it',
  callback_disabled: 'deliveries had stopped',
  callback_removed: 'the callback was removed',
  template_failed: 'a template of the destination failed',
  destination_removed: 'the destination was removed',
  target_deleted: 'the agent that it goes to was deleted',
  invalid_payload: 'the other agent does not take this payload',
  too_deep: 'too many runs were made one from the end of the other',
  already_decided: 'somebody had decided before',
  channel_removed: 'the channel was deleted',
  channel_incomplete: 'the channel lacks a secret',
  agent_deleted: 'the agent was deleted',
};

/** The status of a delivery, with its reason. */
export const deliveryWords = ({ status, reason }: Pick<Schema<'CallbackDelivery'>, 'status' | 'reason'>) =>
  reason === null ? status : `${status}: ${REASONS[reason]}`;
