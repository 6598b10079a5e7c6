import { Alert, Anchor } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../../api/client.js';

const SANDBOX = 'sandbox';

/** Says that an agent starts in the sandbox because no provider is configured. */
export function SandboxNotice({ model, models }: { model: string; models: Schema<'ModelList'> | undefined }) {
  const isOnlySandbox = models?.providers.every(
    ({ provider, configured }) => provider === SANDBOX || !configured,
  );
  if (!isOnlySandbox || !model.startsWith(`${SANDBOX}:`)) return null;
  return (
    <Alert color="blue" icon={<IconInfoCircle aria-hidden />} title="No model provider is configured">
      The agent starts with <code>{model}</code>, which calls no model, so that you can try webhook, tools and
      callback. Set a provider’s key where the worker runs, as the{' '}
      <Anchor
        renderRoot={(props) => <Link to="/settings" {...props} />}
        inherit
        c="inherit"
        underline="always"
      >
        settings
      </Anchor>{' '}
      describe, and choose its model on the agent’s page.
    </Alert>
  );
}
