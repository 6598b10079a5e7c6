import { Center, Stack } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { Logo } from './logo.js';
import { PageError } from './page-error.js';

/** Replaces the whole Studio if even the session cannot be read. */
export function ShellError(props: ErrorComponentProps) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <title>AgentHook</title>
      <Stack maw={480} align="center">
        <Logo size={32} />
        <PageError {...props} />
      </Stack>
    </Center>
  );
}
