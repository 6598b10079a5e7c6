import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { adviceFor } from './failure-advice.js';
import { errorOf, type Trace } from './trace.js';

/**
 * Why a run failed and what to do, at the top, if it had already failed when the page was opened. If it fails
 * while someone watches, the timeline and its details say so instead, so that nothing moves.
 */
export function RunFailure({ trace }: { trace: Trace }) {
  const [error] = useState(() => errorOf(trace));
  if (!error) return null;
  return (
    <Alert color="red" title={`Failed: ${error.code}`} icon={<IconAlertTriangle aria-hidden />}>
      {error.message && (
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {error.message}
        </Text>
      )}
      <Text size="sm">{adviceFor(error.code)}</Text>
    </Alert>
  );
}
