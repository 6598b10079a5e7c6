import { NavLink, Stack } from '@mantine/core';
import { IconApi, IconExternalLink } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import { pagesFor } from './pages.js';
import { useSession } from './session.js';

/** Links to the pages and to the API docs. */
export function NavLinks({ onNavigate }: { onNavigate: () => void }) {
  const { pathname } = useLocation();
  const { can } = useSession();
  const isAt = (to: string) => (to === '/' ? pathname === '/' : pathname.startsWith(to));
  return (
    <Stack gap={2} h="100%">
      {pagesFor(can).map(({ to, label, Icon }) => (
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
