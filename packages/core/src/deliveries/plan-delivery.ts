import type { BuildDestinationRequest } from '@agenthook/contracts';
import type { Egress } from '@agenthook/egress';
import { readCallback } from '../agents/agent-callback.js';
import { signingKeys } from '../agents/callback-secrets.js';
import { readChannels } from '../channels/channel-store.js';
import type { Context } from '../context.js';
import { isDestinationId } from '../queue/delivery-id.js';
import { callbackBody } from './callback-body.js';
import type { ClaimedDelivery } from './claim-delivery.js';
import { isInDoubt } from './destinations/in-doubt.js';
import { planDestination } from './destinations/plan-destination.js';
import { contentOf } from './notices/content.js';
import type { Message } from './notices/message.js';
import { receiverOf, sendMessage } from './notices/send-message.js';
import type { Attempted, Plan } from './plan.js';
import { signedHeaders } from './sign.js';

/** Timeout of one request including its answer, in ms. */
const REQUEST_TIMEOUT_MS = 15_000;

export interface DeliverDeps {
  egress: Egress;
  /** Builds the request of an `http` destination. */
  buildRequest: BuildDestinationRequest;
  /** The URL of the api, for links in what people are told. */
  publicUrl: () => Promise<string>;
  /** The operator's own mail server, for channels that name none. */
  smtpUrl?: string | undefined;
  /** Delays between attempts, in seconds. Tests replace RETRY_DELAYS_SECONDS. */
  delays?: readonly number[];
  /** Timeout of one request, in ms. Tests replace REQUEST_TIMEOUT_MS. */
  timeoutMs?: number;
}

/** Decides what to do about a delivery, with the current settings of its receiver. */
export const planDelivery = (ctx: Context, deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Plan> =>
  delivery.id.startsWith('nt-')
    ? planNotice(ctx, deps, delivery)
    : isDestinationId(delivery.id)
      ? planDestination(ctx, { timeoutMs: REQUEST_TIMEOUT_MS, ...deps }, delivery)
      : planCallback(ctx, deps, delivery);

async function planCallback(ctx: Context, deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Plan> {
  const { id, shard, agentId, taskId } = delivery;
  const callback = await readCallback(ctx, agentId);
  if (callback.state !== 'enabled') return { end: callback.state, status: 'skipped' };
  const { url } = callback;
  let content: string | undefined;
  if (delivery.about === null) content = await callbackBody(ctx, shard, taskId);
  else {
    const told = await contentOf(ctx, shard, delivery.about, deps.publicUrl);
    if ('end' in told) return { ...told, url };
    content = JSON.stringify(told.forCallback);
  }
  const body = content;
  if (body === undefined) return { end: 'task_expired', status: 'failed', url };
  return {
    url,
    callback,
    send: async (signal) => {
      const secrets = signingKeys(ctx.secrets, agentId, callback.secrets, ctx.now());
      const headers = signedHeaders(secrets, id, ctx.now(), body);
      // Imported here, because the api never delivers and needs no HTTP client.
      const { postCallback } = await import('./post-callback.js');
      const timeoutMs = deps.timeoutMs ?? REQUEST_TIMEOUT_MS;
      return await postCallback(ctx, deps.egress, { url, headers, body, signal, timeoutMs });
    },
  };
}

async function planNotice(ctx: Context, deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Plan> {
  const { id, shard, agentId } = delivery;
  const channel = [...(await readChannels(ctx)).values()].find((each) => each.id === agentId);
  if (!channel) return { end: 'channel_removed', status: 'skipped' };
  const url = receiverOf(channel);
  const content = await contentOf(ctx, shard, delivery.about ?? '', deps.publicUrl);
  if ('end' in content) return { ...content, url };
  const { isTest } = content;
  const message = isInDoubt(delivery.attempts) ? repeated(content.message) : content.message;
  return {
    url,
    isOnce: isTest,
    send: async (signal) => {
      const { egress, smtpUrl, timeoutMs = REQUEST_TIMEOUT_MS } = deps;
      const sent = await sendMessage(ctx, { egress, smtpUrl, signal, timeoutMs }, channel, message, id);
      return sent === 'incomplete' ? incomplete(ctx) : sent;
    },
  };
}

/**
 * A message that people may have got before, which it says. Chats neither compare messages nor let a
 * channel's URL read them.
 */
const repeated = (message: Message): Message => ({
  ...message,
  text: `You may have got this message before: it is not known whether an earlier attempt arrived.\n\n${message.text}`,
});

const incomplete = (ctx: Context): Attempted => ({
  outcome: 'incomplete',
  attempt: {
    at: new Date(ctx.now()).toISOString(),
    response_status: null,
    error: 'The channel lacks a secret: save it again, or set SMTP_URL for the workers.',
    duration_ms: 0,
    response_excerpt: '',
  },
});
