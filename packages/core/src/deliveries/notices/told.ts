import type { DeliveryReason } from '@agenthook/contracts';
import type { Message, NoticeEvent } from './message.js';

/** Nothing is left to tell. */
export interface Untold {
  end: DeliveryReason;
  status: 'failed' | 'skipped';
}

export interface Content {
  message: Message;
  /** The event as an agent's callback gets it. */
  forCallback: NoticeEvent;
  /** Whether somebody only tries the channel. */
  isTest: boolean;
}
