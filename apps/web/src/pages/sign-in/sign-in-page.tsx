import {
  Alert,
  Anchor,
  Button,
  Center,
  Code,
  Group,
  Paper,
  PasswordInput,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconKey } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { explain, isProblem } from '../../api/problem.js';
import { Logo } from '../../app/logo.js';
import { sessionQuery } from '../../app/session.js';

const route = getRouteApi('/sign-in');

/** Takes an API key for a session. The key stays in this form: the browser keeps a cookie that no script can read. */
export function SignInPage() {
  const { back = '/' } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const form = useForm({ mode: 'uncontrolled', initialValues: { key: '' } });
  const signIn = api.useMutation('post', '/api/session', {
    meta: { quiet: true },
    onSuccess: async () => {
      queryClient.removeQueries();
      await queryClient.prefetchQuery(sessionQuery);
      router.history.push(back);
    },
  });

  return (
    <Center component="main" id="main" mih="100dvh" p="md">
      <title>Sign in · AgentHook</title>
      <Stack w="100%" maw={400} gap="lg">
        <Group gap="sm" justify="center">
          <Logo size={32} />
          <Title order={1}>AgentHook</Title>
        </Group>
        <Paper p="lg">
          <form onSubmit={form.onSubmit(({ key }) => signIn.mutate({ body: { api_key: key } }))}>
            <Stack>
              <PasswordInput
                label="API key"
                description="Stays out of this browser’s storage; you get a session."
                leftSection={<IconKey size={16} aria-hidden />}
                autoComplete="current-password"
                autoFocus
                required
                key={form.key('key')}
                {...form.getInputProps('key')}
              />
              {signIn.error && <Refused error={signIn.error} />}
              <Button type="submit" loading={signIn.isPending}>
                Sign in
              </Button>
            </Stack>
          </form>
        </Paper>
        <Text size="sm" c="dimmed">
          The first key is the installation’s admin key: <Code>cat .agenthook/admin_api_key</Code> where{' '}
          <Code>npm start</Code> runs, or the value of <Code>ADMIN_API_KEY</Code>. See also the{' '}
          <Anchor href="/docs" inherit underline="always">
            API docs
          </Anchor>
          .
        </Text>
      </Stack>
    </Center>
  );
}

function Refused({ error }: { error: unknown }) {
  const wrongKey = isProblem(error) && error.status === 401;
  const { title, detail } = explain(error);
  return (
    <Alert color="red" role="alert" title={wrongKey ? 'This key is not known here' : title}>
      {wrongKey ? 'It may be mistyped, revoked or expired.' : detail}
    </Alert>
  );
}
