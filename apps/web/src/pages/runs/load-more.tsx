import { Button, Center, Group, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { explain } from '../../api/problem.js';

interface LoadMoreProps {
  more: UseMutationResult<void, unknown, void>;
  /** Whether the end is near enough to load more unasked. */
  isNear: boolean;
}

/**
 * The end of a list with more pages. Loads the next one when it scrolls into view, or by a button after an
 * error.
 */
export function LoadMore({ more: { mutate, reset, isIdle, isPending, error }, isNear }: LoadMoreProps) {
  useEffect(() => {
    if (isNear && isIdle) mutate(undefined, { onSuccess: reset });
  }, [isNear, isIdle, mutate, reset]);
  return (
    <Center mih={60}>
      <Group>
        {error != null && (
          <Text size="sm" role="alert">
            {explain(error).title}.
          </Text>
        )}
        <Button variant="default" loading={isPending} onClick={() => mutate(undefined, { onSuccess: reset })}>
          Load more
        </Button>
      </Group>
    </Center>
  );
}
