import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { SignInForm } from './sign-in-form.js';

/**
 * Asks before a page with unsaved changes is left, by a link, by the back button or by closing the tab. Where it would be
 * left because the session has ended, one signs in on it, and goes on.
 */
export function UnsavedGuard({ when }: { when: boolean }) {
  const queryClient = useQueryClient();
  const blocker = useBlocker({
    shouldBlockFn: () => when,
    enableBeforeUnload: () => when,
    withResolver: true,
  });
  const isSignedOut = blocker.next?.pathname === '/sign-in';
  const goOn = () => {
    blocker.reset?.();
    void queryClient.invalidateQueries();
  };
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={isSignedOut ? 'Your session has ended' : 'Leave without saving?'}
      withCloseButton={!isSignedOut}
      closeOnEscape={!isSignedOut}
      closeOnClickOutside={!isSignedOut}
      centered
    >
      {isSignedOut ? (
        <Stack>
          <Text size="sm">Your changes are still on this page. Sign in to go on with them.</Text>
          <SignInForm onSignedIn={goOn} />
          <Button variant="subtle" color="red" onClick={() => blocker.proceed?.()}>
            Leave without saving
          </Button>
        </Stack>
      ) : (
        <Stack>
          <Text size="sm">Your changes are in this page alone, and will be lost.</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
              Stay
            </Button>
            <Button color="red" onClick={() => blocker.proceed?.()}>
              Leave
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
