import type { ChannelType } from '@agenthook/contracts';
import type { StoredChannel } from '../../../channels/stored-channel.js';
import { openSettings } from '../../../channels/stored-channel.js';
import type { SecretBox } from '../../../secrets/secret-box.js';
import type { Message } from '../message.js';
import type { ChannelKind, Mail, Post } from './channel-kind.js';
import { discord } from './discord.js';
import { email } from './email.js';
import { slack } from './slack.js';
import { telegram } from './telegram.js';
import { webhook } from './webhook.js';

/** Every type of channel. */
const KINDS: { [Kind in ChannelType]: ChannelKind<Kind> } = { slack, discord, telegram, webhook, email };

/** What tells a message through a channel; undefined if a secret of the channel was reset. */
export function prepare<Kind extends ChannelType>(
  box: SecretBox,
  channel: StoredChannel & { type: Kind },
  message: Message,
  about: { id: string; nowMs: number },
): { post: Post } | { mail: Mail } | undefined {
  const settings = openSettings(box, channel);
  return settings && KINDS[channel.type].prepare(settings, message, about);
}
