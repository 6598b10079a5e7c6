import { Stack, Text } from '@mantine/core';
import { FactGrid } from '../../../components/fact-grid.js';
import { RelativeTime } from '../../../components/relative-time.js';
import { adviceFor } from './failure-advice.js';
import { Section } from './section.js';
import type { FailedAttempt } from './trace.js';

/** An attempt that ended without a result. */
export function AttemptDetails({ attempt }: { attempt: FailedAttempt }) {
  return (
    <>
      <Section value="facts" title={`Attempt ${attempt.attempt}`}>
        <FactGrid facts={{ Code: attempt.code, Ended: <RelativeTime at={attempt.at} /> }} />
      </Section>
      <Section value="output" title="Why it failed">
        <Stack gap={4}>
          {'message' in attempt && (
            <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              {attempt.message}
            </Text>
          )}
          <Text size="sm">{adviceFor(attempt.code)}</Text>
        </Stack>
      </Section>
    </>
  );
}
