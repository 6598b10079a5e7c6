import { type Static, Type } from '@sinclair/typebox';
import { AddressTemplate, BaseUrl, ContentTemplate, destinationSchema } from './common.js';

export const SLACK_API = 'https://slack.com/api';

export const SlackDestination = destinationSchema(
  'slack',
  'Slack thread',
  'Posts a message to a channel or a thread of Slack. Needs `secrets.token`, a token of an app with `chat:write`.',
  {
    channel: AddressTemplate('The id of the channel, for example `{{ payload.event.channel }}`.'),
    thread_ts: Type.Optional(
      AddressTemplate('The message whose thread it goes to. If it renders to nothing, it starts a thread.'),
    ),
    text: Type.Optional(ContentTemplate('Default: the answer, or the error of a task that failed.')),
    base_url: BaseUrl(SLACK_API),
  },
);
export type SlackDestination = Static<typeof SlackDestination>;
