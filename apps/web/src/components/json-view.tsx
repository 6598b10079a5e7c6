import { Box, Code, Text } from '@mantine/core';
import { CopyButton } from './copy-button.js';
import classes from './json-view.module.css';

/** Longer text makes a page slow; the rest is still in what the button copies. */
const MAX_SHOWN = 100_000;

/** Any JSON value, or text, to read and to copy. */
export function JsonView({
  value,
  what,
  maxHeight = 400,
}: {
  value: unknown;
  what: string;
  maxHeight?: number;
}) {
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2);
  return (
    <Box pos="relative">
      <Code block className={classes.text} mah={maxHeight} tabIndex={0} role="region" aria-label={what}>
        {text.slice(0, MAX_SHOWN)}
      </Code>
      <Box className={classes.copy}>
        <CopyButton value={text} what={what} />
      </Box>
      {text.length > MAX_SHOWN && (
        <Text size="xs" c="dimmed">
          The first {MAX_SHOWN.toLocaleString()} of {text.length.toLocaleString()} characters.
        </Text>
      )}
    </Box>
  );
}
