import { Skeleton, Stack } from '@mantine/core';

/** Stands where a page will, while its code or first data is under way. */
export function PageSkeleton() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton h={28} w={180} />
      <Skeleton h={120} />
      <Skeleton h={320} />
    </Stack>
  );
}
