import { Alert, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState } from 'react';
import type { Trace } from './trace.js';

/** The run's notes for people. As with a failure, only those that existed when the page was opened. */
export function RunNotes({ trace }: { trace: Trace }) {
  const [notes] = useState(() => trace.notes);
  if (notes.length === 0) return null;
  return (
    <Alert color="orange" title="Note" icon={<IconInfoCircle aria-hidden />}>
      {notes.map(({ at, text }) => (
        <Text key={`${at} ${text}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
          {text}
        </Text>
      ))}
    </Alert>
  );
}
