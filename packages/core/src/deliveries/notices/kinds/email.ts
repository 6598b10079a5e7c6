import { plainText } from '../message.js';
import type { ChannelKind } from './channel-kind.js';

/** A mail of plain text. */
export const email: ChannelKind<'email'> = {
  prepare: ({ smtp_url, from, to }, message) => ({
    mail: { smtpUrl: smtp_url, from, to, subject: message.title, text: plainText(message) },
  }),
};
