import { Button, Menu, Text } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import { api } from '../api/client.js';
import { leaveForSignIn, useSession } from './session.js';

/** Shows who is signed in, and signs out. */
export function AccountMenu() {
  const { session } = useSession();
  const router = useRouter();
  const signOut = api.useMutation('delete', '/api/session', { onSuccess: () => leaveForSignIn(router) });
  return (
    <Menu position="bottom-end" withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          aria-label={`Session of ${session.name}`}
          leftSection={<IconUser size={18} stroke={1.75} aria-hidden />}
        >
          <Text span size="sm" maw={180} truncate visibleFrom="xs">
            {session.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {session.name}, {session.role}
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate({})}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
