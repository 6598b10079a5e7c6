import { Button, Group, Modal, Skeleton, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useBlocker } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';

const SignInForm = lazy(() => import('./sign-in-form.js'));
/** Of the form, in CSS pixels. */
const FORM_HEIGHT = 130;

/**
 * Asks before the user leaves a page with unsaved changes by a link, the back button or closing the tab. If
 * the session has ended, the user signs in on the page and continues.
 */
export function UnsavedGuard({ when }: { when: boolean }) {
  const queryClient = useQueryClient();
  const blocker = useBlocker({
    // A change of the search stays on the page.
    shouldBlockFn: ({ current, next }) => when && current.pathname !== next.pathname,
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
          <Text size="sm">Your changes are still on this page. Sign in to continue.</Text>
          <Suspense fallback={<Skeleton h={FORM_HEIGHT} />}>
            <SignInForm onSignedIn={goOn} />
          </Suspense>
          <Button variant="subtle" color="red" onClick={() => blocker.proceed?.()}>
            Leave without saving
          </Button>
        </Stack>
      ) : (
        <Stack>
          <Text size="sm">Your changes exist only on this page and will be lost.</Text>
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
