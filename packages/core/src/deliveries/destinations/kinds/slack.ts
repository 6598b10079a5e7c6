import { SLACK_API } from '@agenthook/contracts';
import { textOf } from '../end-facts.js';
import { postTo } from '../post.js';
import { Unsendable } from '../sent.js';
import type { DestinationKind } from './destination-kind.js';

/** How long a text may be, in characters: https://docs.slack.dev/reference/methods/chat.postMessage */
const LONGEST_TEXT = 40_000;

/** https://docs.slack.dev/messaging/formatting-message-text#escaping. So a text mentions nobody. */
const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (found) => (found === '&' ? '&amp;' : found === '<' ? '&lt;' : '&gt;'));

/** Slack answers 200 and says in the body whether it has posted the message. */
function problemOf(body: string): string | undefined {
  if (/^\s*\{\s*"ok"\s*:\s*true/.test(body)) return undefined;
  const [, code] = /"error"\s*:\s*"([\w-]{1,100})"/.exec(body) ?? [];
  return code === undefined ? 'Slack did not say that it has posted the message.' : `Slack answered ${code}.`;
}

/** Posts a message: https://docs.slack.dev/reference/methods/chat.postMessage */
export const slack: DestinationKind<'slack'> = {
  receiver: ({ base_url = SLACK_API }) => base_url,
  send: async (config, sending) => {
    const { base_url = SLACK_API, channel: channelTemplate, thread_ts, text } = config;
    const { facts, secrets, fill } = sending;
    const channel = (await fill('channel', channelTemplate, 'address')).trim();
    if (channel === '')
      throw new Unsendable('template_failed', 'The template of the channel rendered to nothing.');
    const thread = thread_ts === undefined ? '' : (await fill('thread_ts', thread_ts, 'address')).trim();
    const said = text === undefined ? textOf(facts) : await fill('text', text, 'content');
    if (said.trim() === '')
      throw new Unsendable('template_failed', 'The template of the text rendered to nothing.');
    return await postTo(sending, {
      url: `${base_url.replace(/\/$/, '')}/chat.postMessage`,
      headers: {
        authorization: `Bearer ${secrets.token ?? ''}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify({
        channel,
        text: escaped(said).slice(0, LONGEST_TEXT).toWellFormed(),
        ...(thread !== '' && { thread_ts: thread }),
        unfurl_links: false,
        unfurl_media: false,
      }),
      problemOf,
    });
  },
};
