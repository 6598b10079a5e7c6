import { plainText } from '../message.js';
import type { ChannelKind } from './channel-kind.js';

const API = 'https://api.telegram.org';
/** The longest message, in characters: https://core.telegram.org/bots/api#sendmessage */
const LONGEST_TEXT = 4_096;

/** A chat with a bot. The text has no markup, so nothing in it needs to be escaped. */
export const telegram: ChannelKind<'telegram'> = {
  prepare: ({ token, chat_id, base_url = API }, message) => {
    const { title, link } = message;
    return {
      post: {
        url: `${withoutEndSlash(base_url)}/bot${token}/sendMessage`,
        body: JSON.stringify({
          chat_id,
          text: `${title}\n\n${plainText(message)}`.slice(0, LONGEST_TEXT),
          link_preview_options: { is_disabled: true },
          ...(link &&
            canBeButton(link.url) && {
              reply_markup: { inline_keyboard: [[{ text: link.label, url: link.url }]] },
            }),
        }),
      },
    };
  },
};

const withoutEndSlash = (url: string): string => (url.endsWith('/') ? url.slice(0, -1) : url);

/** Telegram refuses a whole message if the URL of a button has a host without a dot, such as localhost. */
const canBeButton = (url: string): boolean => new URL(url).hostname.includes('.');
