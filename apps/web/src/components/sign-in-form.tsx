import { Alert, Button, PasswordInput, Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconKey } from '@tabler/icons-react';
import { api } from '../api/client.js';
import { explain, isProblem } from '../api/problem.js';

/**
 * Exchanges an API key for a session. The key stays in this form; the browser keeps a cookie that no script
 * can read.
 */
export default function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const form = useForm({ mode: 'uncontrolled', initialValues: { key: '' } });
  const signIn = api.useMutation('post', '/api/session', {
    meta: { quiet: true, signsIn: true },
    onSuccess: onSignedIn,
  });
  return (
    <form onSubmit={form.onSubmit(({ key }) => signIn.mutate({ body: { api_key: key } }))}>
      <Stack>
        <PasswordInput
          label="API key"
          description="The key is not stored in this browser. You get a session instead."
          leftSection={<IconKey size={16} aria-hidden />}
          autoComplete="current-password"
          autoFocus
          data-autofocus
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
  );
}

function Refused({ error }: { error: unknown }) {
  const wrongKey = isProblem(error) && error.status === 401;
  const { title, detail } = explain(error);
  return (
    <Alert color="red" role="alert" title={wrongKey ? 'This key is unknown' : title}>
      {wrongKey ? 'It may be mistyped, revoked or expired.' : detail}
    </Alert>
  );
}
