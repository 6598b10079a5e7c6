import { Box } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { ErrorState } from '../../../components/error-state.js';

/** Why the draft was not saved. It takes the focus, because the save button may be far away. */
export function SaveRefusal({ error }: { error: unknown }) {
  const box = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the next refusal is to be read, too
  useEffect(() => {
    box.current?.focus({ preventScroll: true });
    box.current?.scrollIntoView({ block: 'center' });
  }, [error]);
  return (
    <Box ref={box} tabIndex={-1}>
      <ErrorState error={error} />
    </Box>
  );
}
