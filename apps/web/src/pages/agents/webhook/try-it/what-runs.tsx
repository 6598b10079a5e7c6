import { Text } from '@mantine/core';

interface WhatRunsProps {
  /** The saved version. */
  version: number;
  isDraft: boolean;
  /** False while a text of the draft that should be JSON is none. */
  isReadable: boolean;
}

/** Says which configuration a test runs. */
export function WhatRuns({ version, isDraft, isReadable }: WhatRunsProps) {
  return (
    <Text size="xs" c={isReadable ? 'dimmed' : 'var(--mantine-color-error)'} role="status" flex="1 1 160px">
      {!isReadable
        ? 'A field of the draft is not valid JSON yet.'
        : isDraft
          ? `Runs your draft of v${version}. Nothing is saved.`
          : `Runs v${version}, as it is saved.`}
    </Text>
  );
}
