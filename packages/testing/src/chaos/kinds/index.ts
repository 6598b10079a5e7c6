import { openApprovals } from './approvals.js';
import { openBursts } from './bursts.js';
import { openChildren } from './children.js';
import { openConversations } from './conversations.js';
import { openDestinations } from './destinations.js';
import type { OpenKind } from './kind.js';
import { openOrders } from './orders.js';
import { openSchedules } from './schedules.js';
import { openSuperseded } from './superseded.js';

/** The kinds of work by name. */
export const KINDS: Record<string, OpenKind> = {
  orders: openOrders,
  conversations: openConversations,
  superseded: openSuperseded,
  bursts: openBursts,
  schedules: openSchedules,
  approvals: openApprovals,
  children: openChildren,
  destinations: openDestinations,
};
