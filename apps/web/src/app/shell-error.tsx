import { Alert, Center, Loader, Stack, Text } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { explain, isUnreachable } from '../api/problem.js';
import { Logo } from './logo.js';
import { PageError } from './page-error.js';

/** How often the session is read again while nothing answers, in ms. */
const AGAIN_MS = 1_000;

/** Replaces the whole Studio if even the session cannot be read. It opens by itself once it can. */
export function ShellError(props: ErrorComponentProps) {
  return (
    <Center component="main" mih="100dvh" p="md">
      <title>AgentHook</title>
      <Stack maw={480} align="center">
        <Logo size={32} />
        {isUnreachable(props.error) ? <Unreachable {...props} /> : <PageError {...props} />}
      </Stack>
    </Center>
  );
}

function Unreachable({ error }: ErrorComponentProps) {
  const router = useRouter();
  const { title, detail } = explain(error);
  useEffect(() => {
    const timer = setTimeout(() => void router.invalidate(), AGAIN_MS);
    return () => clearTimeout(timer);
  });
  return (
    <Alert color="orange" role="alert" title={title}>
      <Stack gap="xs">
        <Text size="sm">{detail}</Text>
        <Text size="sm" component="div" style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
          <Loader size={14} aria-hidden /> The Studio opens by itself once there is an answer.
        </Text>
      </Stack>
    </Alert>
  );
}
