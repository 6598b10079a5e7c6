import { cut } from '../cut.js';
import { ToolError } from '../tool.js';
import type { Channel } from './channel.js';

const LONGEST_TITLE = 200; // characters; our own limit for the title

// Link previews are disabled if the service allows it. Otherwise, anyone who steers the agent's text could
// make the service fetch a URL that leaks what the agent knows.

/** https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const slack: Channel = {
  title: 'Slack',
  refusedHint: 'Check secrets.url: the incoming webhook may have been removed.',
  open: (_config, secrets) => {
    const url = webhookOf(secrets.url, 'Slack');
    return ({ message, title }) => {
      const head = title === undefined ? '' : `*${escapeSlack(oneLine(title).replaceAll('*', ''))}*\n`;
      // 40,000 characters, https://docs.slack.dev/changelog/2018-truncating-really-long-messages; counted
      // after escaping.
      const text = cut(message, 40_000, (part) => head.length + escapeSlack(part).length);
      return { url, body: { text: head + escapeSlack(text), unfurl_links: false, unfurl_media: false } };
    };
  },
};

/**
 * Keeps `<!channel>` and `<@U…>` as text, https://docs.slack.dev/messaging/formatting-message-text#escaping.
 */
const escapeSlack = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
const discord: Channel = {
  title: 'Discord',
  refusedHint: 'Check secrets.url: the webhook may have been removed.',
  open: (_config, secrets) => {
    const url = webhookOf(secrets.url, 'Discord');
    const SUPPRESS_EMBEDS = 1 << 2;
    return ({ message, title }) => ({
      url,
      body: {
        content: cut(
          title === undefined ? message : `**${oneLine(title).replaceAll('*', '')}**\n${message}`,
          2_000,
        ),
        allowed_mentions: { parse: [] },
        flags: SUPPRESS_EMBEDS,
      },
    });
  },
};

/** https://docs.ntfy.sh/publish/#publish-as-json */
const ntfy: Channel = {
  title: 'ntfy',
  refusedHint: 'Check topic and secrets.token.',
  open: ({ topic, base_url = 'https://ntfy.sh' }, { token }) => {
    if (topic === undefined) throw new ToolError('Set topic to the ntfy topic.');
    return ({ message, title }) => ({
      url: `${base_url.replace(/(?<!\/)\/+$/, '')}/`,
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      body: {
        topic,
        // A longer message becomes an attachment, https://docs.ntfy.sh/publish/#limitations.
        message: cut(message, 4_096, (part) => Buffer.byteLength(part)),
        ...(title !== undefined && { title: oneLine(title) }),
      },
    });
  },
};

/** https://core.telegram.org/bots/api#sendmessage; without parse_mode, so that no markup can break it. */
const telegram: Channel = {
  title: 'Telegram',
  refusedHint: 'Check secrets.token, and that the bot is a member of the chat in chat_id.',
  open: ({ chat_id, base_url = 'https://api.telegram.org' }, { token }) => {
    if (chat_id === undefined) throw new ToolError('Set chat_id to the Telegram chat.');
    if (token === undefined) throw new ToolError("Set secrets.token to the Telegram bot's token.");
    // The form of BotFather's tokens. Any other text could select another method.
    if (!/^[\w:-]+$/.test(token)) throw new ToolError("secrets.token is not a Telegram bot's token.");
    return ({ message, title }) => ({
      url: `${base_url.replace(/(?<!\/)\/+$/, '')}/bot${token}/sendMessage`,
      body: {
        chat_id,
        text: cut(title === undefined ? message : `${oneLine(title)}\n\n${message}`, 4_096),
        link_preview_options: { is_disabled: true },
      },
    });
  },
};

export const CHANNELS = { slack, discord, ntfy, telegram };

function webhookOf(url: string | undefined, title: string): string {
  if (url === undefined) throw new ToolError(`Set secrets.url to the ${title} webhook.`);
  if (!URL.canParse(url) || !/^https?:/i.test(url)) throw new ToolError('secrets.url is not an http(s) URL.');
  return url;
}

const oneLine = (title: string) => cut(title.replace(/\s+/g, ' ').trim(), LONGEST_TITLE);
