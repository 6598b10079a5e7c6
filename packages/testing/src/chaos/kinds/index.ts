import { openAnswers } from './answers.js';
import { openApprovals } from './approvals.js';
import { openBulk } from './bulk.js';
import { openBursts } from './bursts.js';
import { openChildren } from './children.js';
import { openConversations } from './conversations.js';
import { openDestinations } from './destinations.js';
import type { OpenKind } from './kind.js';
import { openLatest } from './latest.js';
import { openMessages } from './messages.js';
import { openOrders } from './orders.js';
import { openParallel } from './parallel.js';
import { openSchedules } from './schedules.js';
import { openSuperseded } from './superseded.js';

/** The kinds of work by name. */
export const KINDS: Record<string, OpenKind> = {
  orders: openOrders,
  conversations: openConversations,
  superseded: openSuperseded,
  parallel: openParallel,
  bursts: openBursts,
  latest: openLatest,
  schedules: openSchedules,
  approvals: openApprovals,
  answers: openAnswers,
  children: openChildren,
  destinations: openDestinations,
  messages: openMessages,
  bulk: openBulk,
};
