import { Skeleton, Stack } from '@mantine/core';

/** Placeholder for the rows, with their height. */
export function RunTableSkeleton() {
  return (
    <Stack gap={1} aria-busy="true" aria-label="Loading runs">
      {Array.from({ length: 12 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: all alike
        <Skeleton key={index} h={44} radius={0} />
      ))}
    </Stack>
  );
}
