import type { Alert, AlertPayload } from '@agenthook/contracts';
import { readCallback } from '../agents/agent-callback.js';
import { readChannels } from '../channels/channel-store.js';
import type { Context } from '../context.js';
import { createDelivery } from '../deliveries/delivery-log.js';
import { addDeliveryJob } from '../deliveries/enqueue-callback.js';
import { NOTICE_SHARD, tellChannel } from '../deliveries/notices/tell-channel.js';
import { alertDeliveryIdOf } from '../queue/delivery-id.js';
import { readAlerts } from './alert-store.js';

/**
 * Ensures that the beginning or the end of an alert is told to the channels of its rule and, if the rule says
 * so, to the callback of its agent, each once. Callers retry until it resolves.
 */
export async function tellAlert(ctx: Context, id: string, phase: 'opened' | 'resolved'): Promise<void> {
  const [found] = await readAlerts(ctx, [id]);
  if (!found) return;
  const { alert, told } = found;
  const payload = payloadOf(alert, phase);
  const { type } = payload;
  const about = { kind: 'alert', task: alert.task_id, payload } as const;
  const channels = told.channels.length > 0 ? await readChannels(ctx) : undefined;
  for (const name of told.channels) {
    const channel = channels?.get(name);
    if (channel) await tellChannel(ctx, channel, { type, event: `alert ${id} ${phase}`, about });
    else ctx.log.warn({ alert_id: id, channel: name }, 'a notify channel that a rule names does not exist');
  }
  if (!told.callback || alert.agent_id === null) return;
  const callback = await readCallback(ctx, alert.agent_id);
  if (!('url' in callback)) return;
  const delivery = alertDeliveryIdOf(id, phase);
  const { status, pending } = await createDelivery(ctx, NOTICE_SHARD, {
    id: delivery,
    agentId: alert.agent_id,
    type,
    url: callback.url,
    about: JSON.stringify(about),
    ...(callback.state === 'callback_disabled' && { skipped: callback.state }),
  });
  if (status === 'pending') await addDeliveryJob(ctx, NOTICE_SHARD, delivery, pending);
}

/** The event of a phase. The beginning is told as it was, even if the alert has ended meanwhile. */
function payloadOf(alert: Alert, phase: 'opened' | 'resolved'): AlertPayload {
  if (phase === 'opened') {
    const data: Alert = { ...alert, status: 'open', resolved_at: null, resolution: null };
    return { type: 'alert.opened', timestamp: alert.opened_at, data };
  }
  return { type: 'alert.resolved', timestamp: alert.resolved_at ?? alert.opened_at, data: alert };
}
