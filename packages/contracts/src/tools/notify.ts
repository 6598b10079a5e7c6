import { type Static, Type } from '@sinclair/typebox';
import { HttpUrl, toolSchema } from './common.js';

export const NotifyTool = toolSchema('notify', 'Notification', 'Sends a message to people.', false, {
  channel: Type.Union(
    (['slack', 'discord', 'ntfy', 'telegram'] as const).map((channel) => Type.Literal(channel)),
    {
      description:
        '`slack`, `discord`: `secrets.url` is the incoming webhook. `ntfy`: `topic`, and ' +
        '`secrets.token` if the server requires it. `telegram`: `chat_id` and `secrets.token`.',
    },
  ),
  topic: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'ntfy: the topic.' })),
  chat_id: Type.Optional(
    Type.String({ pattern: '^(-?[0-9]{1,20}|@[A-Za-z0-9_]{1,64})$', description: 'Telegram: the chat.' }),
  ),
  base_url: Type.Optional(HttpUrl("The URL of a server that you host, instead of the channel's own.")),
});
export type NotifyTool = Static<typeof NotifyTool>;
