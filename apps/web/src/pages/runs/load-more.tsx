import { Button, Center, Group, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { explain } from '../../api/problem.js';
import { RelativeTime } from '../../components/times.js';

interface LoadMoreProps {
  more: UseMutationResult<void, unknown, void>;
  /** Whether the end is near enough to load more unasked. */
  isNear: boolean;
  /** How far back a search has come that looks at one run after another. It goes on only when asked. */
  backTo?: string | null | undefined;
}

/**
 * The end of a list with more pages. Loads the next one when it scrolls into view, or by a button after an
 * error.
 */
export function LoadMore({
  more: { mutate, reset, isIdle, isPending, error },
  isNear,
  backTo,
}: LoadMoreProps) {
  useEffect(() => {
    if (isNear && isIdle && backTo === undefined) mutate(undefined, { onSuccess: reset });
  }, [isNear, isIdle, backTo, mutate, reset]);
  return (
    <Center mih={60}>
      <Group>
        {backTo && (
          <Text size="sm" c="dimmed" role="status">
            Searched back to <RelativeTime at={backTo} />.
          </Text>
        )}
        {error != null && (
          <Text size="sm" role="alert">
            {explain(error).title}.
          </Text>
        )}
        <Button variant="default" loading={isPending} onClick={() => mutate(undefined, { onSuccess: reset })}>
          {backTo === undefined ? 'Load more' : 'Search further back'}
        </Button>
      </Group>
    </Center>
  );
}
