import { NavLink, Stack } from '@mantine/core';
import {
  IconApi,
  IconExternalLink,
  IconHandStop,
  IconLayoutDashboard,
  IconListDetails,
  IconMessages,
  IconRobot,
  IconSettings,
} from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';

const LINKS = [
  { to: '/', label: 'Overview', Icon: IconLayoutDashboard },
  { to: '/agents', label: 'Agents', Icon: IconRobot },
  { to: '/runs', label: 'Runs', Icon: IconListDetails },
  { to: '/approvals', label: 'Approvals', Icon: IconHandStop },
  { to: '/conversations', label: 'Conversations', Icon: IconMessages },
  { to: '/settings', label: 'Settings', Icon: IconSettings },
] as const;

/** Links to the pages and to the API docs. */
export function NavLinks({ onNavigate }: { onNavigate: () => void }) {
  const { pathname } = useLocation();
  const isAt = (to: string) => (to === '/' ? pathname === '/' : pathname.startsWith(to));
  return (
    <Stack gap={2} h="100%">
      {LINKS.map(({ to, label, Icon }) => (
        <NavLink
          key={to}
          renderRoot={(props) => <Link to={to} {...props} />}
          label={label}
          active={isAt(to)}
          leftSection={<Icon size={18} stroke={1.75} aria-hidden />}
          onClick={onNavigate}
        />
      ))}
      <NavLink
        mt="auto"
        href="/docs"
        target="_blank"
        label="API docs"
        leftSection={<IconApi size={18} stroke={1.75} aria-hidden />}
        rightSection={<IconExternalLink size={14} aria-label="opens in a new tab" />}
      />
    </Stack>
  );
}
