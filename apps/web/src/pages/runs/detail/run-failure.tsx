import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { adviceFor } from './failure-advice.js';
import { errorOf, type Trace } from './trace.js';

/**
 * Why a run failed, and what to do about it, above all else of a run that had failed already when it was opened. Of one that
 * fails while it is watched the timeline and its details say so, where nothing has to move for it.
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
