import { SLACK_API } from '@agenthook/contracts';
import type { EgressResponse } from '@agenthook/egress';
import { textOf } from '../end-facts.js';
import { alreadyThere, doubtOf, isInDoubt, marksOf } from '../in-doubt.js';
import { isThere, PAGE_SIZE } from '../look.js';
import { type Problem, postTo } from '../post.js';
import { CannotTell, Unsendable } from '../sent.js';
import type { DestinationKind, Sending } from './destination-kind.js';

/** How long a text may be, in characters: https://docs.slack.dev/reference/methods/chat.postMessage */
const LONGEST_TEXT = 40_000;

/** https://docs.slack.dev/messaging/formatting-message-text#escaping. So a text mentions nobody. */
const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (found) => (found === '&' ? '&amp;' : found === '<' ? '&lt;' : '&gt;'));

/** Errors after which Slack may have posted the message all the same. */
const UNCLEAR = ['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'];
/** Errors of a token that may post in a channel, but not read it. No retry changes them. */
const MAY_NOT_READ =
  /^(missing_scope|not_allowed_token_type|not_in_channel|channel_not_found|thread_not_found)$/;

const codeIn = (body: string): string | undefined => /"error"\s*:\s*"([\w-]{1,100})"/.exec(body)?.[1];

/** Slack answers 200 and says in the body whether it has posted the message. */
function problemOf(body: string): Problem | undefined {
  if (/^\s*\{\s*"ok"\s*:\s*true/.test(body)) return undefined;
  const code = codeIn(body);
  if (code !== undefined) return { error: `Slack answered ${code}.`, isUnknown: UNCLEAR.includes(code) };
  return { error: 'Slack did not say that it has posted the message.', isUnknown: true };
}

/** Where the next page begins; empty on the last one. Throws CannotTell. */
function cursorIn(text: string): string {
  try {
    const { response_metadata } = JSON.parse(text) as { response_metadata?: { next_cursor?: unknown } };
    return String(response_metadata?.next_cursor ?? '');
  } catch {
    throw new CannotTell('The answer of Slack is not JSON.');
  }
}

/**
 * Whether a message is in the channel or thread already. `may not read` if the token lacks `channels:history`
 * or the like: then a message may come twice.
 */
async function look(
  sending: Sending,
  marks: string[],
  {
    base,
    headers,
    channel,
    thread,
  }: { base: string; headers: Record<string, string>; channel: string; thread: string },
): Promise<boolean | 'may not read'> {
  const { fromMs, toMs } = doubtOf(sending);
  const page = (cursor: string) => {
    const query = new URLSearchParams({
      channel,
      ...(thread !== '' && { ts: thread }),
      oldest: String(fromMs / 1_000),
      latest: String(toMs / 1_000),
      include_all_metadata: 'true',
      limit: String(PAGE_SIZE),
      ...(cursor !== '' && { cursor }),
    });
    return `${base}/conversations.${thread === '' ? 'history' : 'replies'}?${query}`;
  };
  let refusal: string | undefined;
  const nextPage = ({ body }: EgressResponse) => {
    const text = body.toString('utf8');
    if (problemOf(text) !== undefined) {
      refusal = codeIn(text) ?? 'nothing';
      throw new CannotTell(`Slack answered ${refusal} when it was asked.`);
    }
    const cursor = cursorIn(text);
    return cursor === '' ? undefined : page(cursor);
  };
  try {
    return await isThere(sending, marks, { url: page(''), headers }, nextPage);
  } catch (error) {
    if (refusal !== undefined && MAY_NOT_READ.test(refusal)) return 'may not read';
    throw error;
  }
}

/**
 * Posts a message: https://docs.slack.dev/reference/methods/chat.postMessage. Its metadata have a mark, by which
 * it is found after an attempt that may have arrived.
 */
export const slack: DestinationKind<'slack'> = {
  looksFirst: true,
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
    const base = base_url.replace(/\/$/, '');
    const url = `${base}/chat.postMessage`;
    const headers = { authorization: `Bearer ${secrets.token ?? ''}` };
    const marks = marksOf(sending);
    if (isInDoubt(sending.attempts)) {
      const found = await look(sending, marks.known, { base, headers, channel, thread });
      if (found === true) return alreadyThere(sending, url);
    }
    return await postTo(sending, {
      url,
      headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        channel,
        text: escaped(said).slice(0, LONGEST_TEXT).toWellFormed(),
        ...(thread !== '' && { thread_ts: thread }),
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: 'agenthook_delivery', event_payload: { mark: marks.write } },
      }),
      problemOf,
    });
  },
};
