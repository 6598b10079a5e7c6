import type { Schema } from '../../../api/client.js';

export type Channel = Schema<'NotifyChannel'>;
export type ChannelType = Channel['type'];

export interface ChannelField {
  name: 'url' | 'token' | 'chat_id' | 'base_url' | 'secret' | 'to' | 'from' | 'smtp_url';
  label: string;
  placeholder: string;
  description?: string;
  isSecret?: true;
  isOptional?: true;
}

/** What the form asks of each type of channel. */
export const CHANNEL_TYPES: Record<ChannelType, { label: string; fields: ChannelField[] }> = {
  slack: {
    label: 'Slack',
    fields: [
      {
        name: 'url',
        label: 'URL of the incoming webhook',
        placeholder: 'https://hooks.slack.com/services/…',
        isSecret: true,
      },
    ],
  },
  discord: {
    label: 'Discord',
    fields: [
      {
        name: 'url',
        label: 'URL of the webhook',
        placeholder: 'https://discord.com/api/webhooks/…',
        isSecret: true,
      },
    ],
  },
  telegram: {
    label: 'Telegram',
    fields: [
      { name: 'token', label: 'Token of the bot', placeholder: '110201543:AAH…', isSecret: true },
      { name: 'chat_id', label: 'Chat', placeholder: '-1001234567890' },
      {
        name: 'base_url',
        label: 'Bot API server',
        placeholder: 'https://api.telegram.org',
        isOptional: true,
      },
    ],
  },
  webhook: {
    label: 'Webhook',
    fields: [
      { name: 'url', label: 'URL', placeholder: 'https://pager.example.com/hooks/agenthook' },
      {
        name: 'secret',
        label: 'Secret',
        placeholder: 'whsec_…',
        description: 'Signs each event. Left empty: one is made and shown once.',
        isSecret: true,
        isOptional: true,
      },
    ],
  },
  email: {
    label: 'Mail',
    fields: [
      { name: 'to', label: 'To', placeholder: 'ops@example.com, on-call@example.com' },
      { name: 'from', label: 'From', placeholder: 'agenthook@example.com' },
      {
        name: 'smtp_url',
        label: 'Mail server',
        placeholder: 'smtps://user:password@smtp.example.com:465',
        description: 'Left empty: SMTP_URL of the workers.',
        isSecret: true,
        isOptional: true,
      },
    ],
  },
};
