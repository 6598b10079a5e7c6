import { Skeleton, Stack } from '@mantine/core';

/** Placeholder while a page's code or first data loads. */
export function PageSkeleton() {
  return (
    <Stack aria-busy="true" aria-label="Loading">
      <Skeleton h={28} w={180} />
      <Skeleton h={120} />
      <Skeleton h={320} />
    </Stack>
  );
}
