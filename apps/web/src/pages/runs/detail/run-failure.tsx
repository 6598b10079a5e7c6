import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle, IconClockPause } from '@tabler/icons-react';
import { RelativeTime } from '../../../components/relative-time.js';
import { adviceFor } from './failure-advice.js';
import { errorOf, type Trace } from './trace.js';

/** Why a run failed, or why its last attempt did, and what to do about it. */
export function RunFailure({ trace }: { trace: Trace }) {
  const { result, last_error, next_attempt_at, attempt } = trace;
  const error = errorOf(trace);
  if (error) {
    return (
      <Alert color="red" title={`Failed: ${error.code}`} icon={<IconAlertTriangle aria-hidden />}>
        <Reason error={error} />
      </Alert>
    );
  }
  if (!last_error || result) return null;
  return (
    <Alert
      color="orange"
      title={`Attempt ${attempt} failed: ${last_error.code}`}
      icon={<IconClockPause aria-hidden />}
    >
      <Reason error={last_error} />
      {next_attempt_at && (
        <Text size="sm" mt={4}>
          The next attempt is due <RelativeTime at={next_attempt_at} />.
        </Text>
      )}
    </Alert>
  );
}

function Reason({ error }: { error: { code: string; message?: string } }) {
  return (
    <>
      {error.message && (
        <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
          {error.message}
        </Text>
      )}
      <Text size="sm">{adviceFor(error.code)}</Text>
    </>
  );
}
