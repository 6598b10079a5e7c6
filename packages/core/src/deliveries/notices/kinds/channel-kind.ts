import type { ChannelSettings, ChannelType } from '@agenthook/contracts';
import type { Message } from '../message.js';

/** A request that tells a message. */
export interface Post {
  url: string;
  body: string;
  headers?: Record<string, string>;
}

/** A mail that tells a message. */
export interface Mail {
  /** Undefined: the server of the installation. */
  smtpUrl: string | undefined;
  from: string;
  to: readonly string[];
  subject: string;
  text: string;
}

/** How one type of channel tells a message. */
export interface ChannelKind<Kind extends ChannelType> {
  prepare(
    settings: ChannelSettings<Kind>,
    message: Message,
    /** Names the notification; the same in each attempt. */
    about: { id: string; nowMs: number },
  ): { post: Post } | { mail: Mail };
}
