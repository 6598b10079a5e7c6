import { Alert, Anchor, Center, Code, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { explain } from '../../api/problem.js';
import { Logo } from '../../app/logo.js';
import { sessionQuery } from '../../app/session.js';
import SignInForm from '../../components/sign-in-form.js';
import { useSignInLink } from './use-sign-in-link.js';

const route = getRouteApi('/sign-in');

/** Signs in and returns to the requested page. */
export function SignInPage() {
  const { back = '/' } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  const goBack = async () => {
    queryClient.removeQueries();
    await queryClient.prefetchQuery(sessionQuery);
    router.history.push(back);
  };

  const link = useSignInLink(() => void goBack());
  return (
    <Center component="main" id="main" mih="100dvh" p="md">
      <title>Sign in · AgentHook</title>
      <Stack w="100%" maw={400} gap="lg">
        <Group gap="sm" justify="center">
          <Logo size={32} />
          <Title order={1}>AgentHook</Title>
        </Group>
        <Paper p="lg">
          {link.error != null && (
            <Alert color="red" role="alert" mb="md" title="This link does not sign in">
              {explain(link.error).detail}
            </Alert>
          )}
          {link.isUsed ? (
            <Text role="status">Signing in…</Text>
          ) : (
            <SignInForm onSignedIn={() => void goBack()} />
          )}
        </Paper>
        <Text size="sm" c="dimmed">
          <Code>npm start</Code> prints a link that signs in once. The first key is the installation’s admin
          key: <Code>cat .agenthook/admin_api_key</Code> where <Code>npm start</Code> runs, or the value of{' '}
          <Code>ADMIN_API_KEY</Code>. See also the{' '}
          <Anchor href="/docs" inherit underline="always">
            API docs
          </Anchor>
          .
        </Text>
      </Stack>
    </Center>
  );
}
