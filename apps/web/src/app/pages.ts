import {
  IconBell,
  IconCalendarTime,
  IconCoin,
  IconFilterOff,
  IconHandStop,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconMessages,
  IconRobot,
  IconSettings,
  IconStack2,
} from '@tabler/icons-react';
import type { Role } from './session.js';

/** The pages that the menu and the palette lead to. */
const PAGES = [
  { to: '/', label: 'Overview', Icon: IconLayoutDashboard },
  { to: '/agents', label: 'Agents', Icon: IconRobot },
  { to: '/runs', label: 'Runs', Icon: IconListDetails },
  { to: '/events', label: 'Filtered, refused', Icon: IconFilterOff },
  { to: '/schedules', label: 'Schedules', Icon: IconCalendarTime },
  { to: '/approvals', label: 'Approvals', Icon: IconHandStop },
  { to: '/conversations', label: 'Conversations', Icon: IconMessages },
  { to: '/budgets', label: 'Budgets', Icon: IconCoin },
  { to: '/bulk', label: 'Bulk jobs', Icon: IconStack2 },
  { to: '/alerts', label: 'Alerts', Icon: IconBell },
  { to: '/audit', label: 'Audit log', Icon: IconHistory, role: 'admin' },
  { to: '/settings', label: 'Settings', Icon: IconSettings },
] as const;

/** The pages that somebody may open. */
export const pagesFor = (can: (role: Role) => boolean) =>
  PAGES.filter((page) => !('role' in page) || can(page.role));
