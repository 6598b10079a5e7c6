import type { Egress } from '@agenthook/egress';
import type { StoredChannel } from '../../channels/stored-channel.js';
import type { Context } from '../../context.js';
import type { Posted } from '../post-callback.js';
import { prepare } from './kinds/index.js';
import { boundMessage, type Message } from './message.js';

export interface SendDeps {
  egress: Egress;
  /** The operator's own mail server, for channels that name none. */
  smtpUrl: string | undefined;
  signal: AbortSignal;
  timeoutMs: number;
}

/**
 * Tells a message through a channel, once. `incomplete`: the channel lacks a secret. Throws like
 * postCallback.
 *
 * @param id names the notification; the same in each attempt
 */
export async function sendMessage(
  ctx: Context,
  { egress, smtpUrl, signal, timeoutMs }: SendDeps,
  channel: StoredChannel,
  message: Message,
  id: string,
): Promise<Posted | 'incomplete'> {
  const prepared = prepare(ctx.secrets, channel, boundMessage(message), { id, nowMs: ctx.now() });
  if (!prepared) return 'incomplete';
  if ('post' in prepared) {
    const { url, body, headers = {} } = prepared.post;
    const { postCallback } = await import('../post-callback.js');
    return await postCallback(ctx, egress, { url, headers, body, signal, timeoutMs });
  }
  const ownUrl = prepared.mail.smtpUrl ?? smtpUrl;
  if (ownUrl === undefined) return 'incomplete';
  const { sendMail } = await import('./send-mail.js');
  return await sendMail(ctx, egress, prepared.mail, { id, ownUrl, signal, timeoutMs });
}

/** The host that a channel sends to, without anything secret. */
export function receiverOf({ type, settings }: StoredChannel): string {
  switch (type) {
    case 'slack':
      return 'Slack';
    case 'discord':
      return 'Discord';
    case 'telegram':
      return `Telegram, chat ${settings.chat_id}`;
    case 'webhook':
      return URL.canParse(`${settings.url}`) ? new URL(`${settings.url}`).host : '';
    case 'email':
      return (settings.to as string[]).join(', ');
  }
}
