import { Anchor, Button, Group, List, Select, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { lazy, Suspense, useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { Panel } from '../../../../components/panel.js';
import type { Agent } from '../../editor/draft/draft.js';
import { usePatchAgent } from '../use-patch-agent.js';
import { PreviousSecret } from './previous-secret.js';
import { type Scheme, type Sender, type Signature, useSenders } from './use-senders.js';

const SenderForm = lazy(() => import('./sender-form.js'));

const NONE = 'none';

/**
 * Which sender posts to the agent, and how its requests are verified: by the URL alone, or also by a
 * signature.
 */
export function SignatureSection({ agent }: { agent: Agent }) {
  const { signature } = agent;
  const senders = useSenders();
  const { can, why } = useSession();
  const [chosen, choose] = useState<Scheme>();
  const { patch, error, isPending, reset } = usePatchAgent(agent);
  const scheme = chosen ?? signature?.scheme;
  const sender = senders?.find((each) => each.scheme === scheme);
  const [isOpen, { open, toggle }] = useDisclosure(false);

  const save = async (next: Agent['signature'], title: string): Promise<boolean> => {
    if (!(await patch({ signature: next }))) return false;
    choose(undefined);
    notifications.show({ color: 'green', title, message: 'It applies to every request from now on.' });
    return true;
  };
  const askToRemove = () =>
    askToConfirm({
      title: 'Stop checking signatures?',
      body: 'Anyone who knows the webhook URL can then run this agent, and the stored secret is deleted.',
      confirm: 'Stop checking',
      onConfirm: () => void save(null, 'Signatures are no longer checked'),
    });

  return (
    <Panel
      title="Verified by"
      actions={
        signature && (
          <NeedsRole role="admin">
            <Button size="compact-sm" variant="subtle" color="red" onClick={askToRemove}>
              Remove
            </Button>
          </NeedsRole>
        )
      }
    >
      <Stack gap="sm">
        <Select
          aria-label="Who signs"
          description={why('admin')}
          disabled={!can('admin')}
          data={[
            { value: NONE, label: 'No signature: the URL alone' },
            ...(senders ?? []).map(({ scheme: value, title }) => ({ value, label: title })),
          ]}
          searchable
          nothingFoundMessage="No sender with this name. Choose a custom one."
          allowDeselect={false}
          value={scheme ?? NONE}
          onChange={(value) => {
            reset();
            if (value === NONE && signature) askToRemove();
            else {
              choose(value === NONE ? undefined : ((value ?? undefined) as Scheme | undefined));
              open();
            }
          }}
        />
        {scheme === undefined ? (
          <Text size="sm" c="dimmed">
            The URL alone is the credential. Choose a sender to also check each request’s signature.
          </Text>
        ) : (
          <>
            {signature?.scheme === scheme && 'previous_secret' in signature && signature.previous_secret && (
              <PreviousSecret
                isPending={isPending}
                onEnd={() =>
                  void save(
                    { ...signature, secret: true, previous_secret: null } as Signature,
                    'The previous secret was revoked',
                  )
                }
              />
            )}
            {chosen === undefined && (
              <Group justify="space-between" gap="xs">
                <Text size="sm" c="dimmed">
                  {sender && RULES[sender.proof]}
                </Text>
                <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={toggle}>
                  {isOpen ? 'Hide' : 'Secret and setup'}
                </Button>
              </Group>
            )}
            {isOpen && sender && (
              <>
                <SetupSteps sender={sender} />
                <Suspense fallback={<Skeleton h={160} />}>
                  <SenderForm
                    key={scheme}
                    sender={sender}
                    stored={signature?.scheme === scheme ? signature : null}
                    isPending={isPending}
                    onSave={(next) => save(next, `Verified by ${sender.title}`)}
                    onCancel={chosen === undefined ? undefined : () => choose(undefined)}
                  />
                </Suspense>
              </>
            )}
          </>
        )}
        {error && <ErrorState error={error} />}
      </Stack>
    </Panel>
  );
}

const RULES: Record<Sender['proof'], string> = {
  body: 'Requests not signed with the stored secret get 401.',
  token: 'Requests without the stored token get 401.',
  none: 'Requests of this sender cannot be verified: the URL is the only credential.',
};

/** The setup steps at the sender. */
function SetupSteps({ sender: { steps, docs } }: { sender: Sender }) {
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        At the sender
      </Text>
      <List type="ordered" size="sm" spacing={2} styles={{ item: { overflowWrap: 'anywhere' } }}>
        {steps.map((step) => (
          <List.Item key={step}>{step}</List.Item>
        ))}
      </List>
      {docs !== null && (
        <Anchor href={docs} target="_blank" rel="noreferrer" size="sm">
          The sender’s documentation
        </Anchor>
      )}
    </div>
  );
}
