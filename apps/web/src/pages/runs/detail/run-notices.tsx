import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import { OutsideText } from '../../../components/outside-text.js';
import { ContinueButton } from './continue-button.js';
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
          <OutsideText text={error.message} />
        </Text>
      )}
      <Text size="sm" mb="xs">
        {adviceFor(error.code)}
      </Text>
      <ContinueButton trace={trace} />
    </Alert>
  );
}

/** The run's notes for people. As with a failure, only those that existed when the page was opened. */
export function RunNotes({ trace }: { trace: Trace }) {
  const [notes] = useState(() => trace.notes);
  if (notes.length === 0) return null;
  return (
    <Alert color="orange" title="Note" icon={<IconInfoCircle aria-hidden />}>
      {notes.map(({ text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they stay as they are, and two may be alike
        <Text key={index} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Text>
      ))}
    </Alert>
  );
}

/** Why the event runs alone although its agent has a key for events that belong together. */
export function KeyError({ trace: { conversation_error, burst_error } }: { trace: Trace }) {
  const reasons = [conversation_error, burst_error].filter((reason) => reason !== undefined);
  if (reasons.length === 0) return null;
  return (
    <Alert color="orange" title="This event ran alone" icon={<IconInfoCircle aria-hidden />}>
      {reasons.map((reason) => (
        <Text key={reason} size="sm" style={{ overflowWrap: 'anywhere' }}>
          The key of its conversation or burst could not be rendered.{' '}
          {reason === '' ? 'Your API key may not see why.' : reason}
        </Text>
      ))}
    </Alert>
  );
}

/** Why the agent's filter had no value for the event, which was run all the same. */
export function FilterError({ trace: { filter_error } }: { trace: Trace }) {
  if (filter_error === undefined) return null;
  return (
    <Alert
      color="orange"
      title="The filter had no value for this event"
      icon={<IconInfoCircle aria-hidden />}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {filter_error === '' ? 'Your API key may not see why.' : `${filter_error}.`} It ran anyway, so that a
        filter loses no event.
      </Text>
    </Alert>
  );
}
