import {
  IconCoin,
  IconHandStop,
  IconHistory,
  IconLayoutDashboard,
  IconListDetails,
  IconMessages,
  IconRobot,
  IconSettings,
} from '@tabler/icons-react';

/** The pages that the menu and the palette lead to. */
export const PAGES = [
  { to: '/', label: 'Overview', Icon: IconLayoutDashboard },
  { to: '/agents', label: 'Agents', Icon: IconRobot },
  { to: '/runs', label: 'Runs', Icon: IconListDetails },
  { to: '/approvals', label: 'Approvals', Icon: IconHandStop },
  { to: '/conversations', label: 'Conversations', Icon: IconMessages },
  { to: '/budgets', label: 'Budgets', Icon: IconCoin },
  { to: '/audit', label: 'Audit log', Icon: IconHistory, role: 'admin' },
  { to: '/settings', label: 'Settings', Icon: IconSettings },
] as const;
