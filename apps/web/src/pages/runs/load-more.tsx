import { Button, Center, Group, Text } from '@mantine/core';
import type { UseMutationResult } from '@tanstack/react-query';
import { useEffect } from 'react';
import { explain } from '../../api/problem.js';

interface LoadMoreProps {
  more: UseMutationResult<void, unknown, void>;
  /** Whether the end is near enough to read on without being asked. */
  isNear: boolean;
}

/** The foot of a list that goes on: reads more by itself when it comes into view, and by hand after an error. */
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
