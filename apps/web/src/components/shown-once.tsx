import { Alert, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { CopyButton } from './copy-button.js';

interface ShownOnceProps {
  value: string;
  /** As in "webhook URL": the label of the field and of its button. */
  what: string;
  children?: ReactNode;
}

/**
 * A secret that is shown until the user leaves the page, and never again. It takes the focus so that it can
 * be copied.
 */
export function ShownOnce({ value, what, children }: ShownOnceProps) {
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another secret is to be copied, too
  useEffect(() => field.current?.focus(), [value]);
  return (
    <Alert
      color="yellow"
      icon={<IconAlertTriangle aria-hidden />}
      title="Copy it now: you will not see it again"
    >
      <Stack gap="xs">
        <TextInput
          ref={field}
          readOnly
          value={value}
          aria-label={what}
          ff="monospace"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          // A page on plain http has no clipboard access, but a selection can be copied.
          onFocus={({ currentTarget }) => currentTarget.select()}
          rightSection={<CopyButton value={value} what={what} />}
        />
        {children && (
          <Text size="sm" component="div">
            {children}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}
