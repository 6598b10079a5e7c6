import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { askToConfirm } from '../../../../components/confirm.js';
import { ErrorState } from '../../../../components/error-state.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { Panel } from '../../../../components/panel.js';
import { RelativeTime } from '../../../../components/relative-time.js';
import { ShownOnce } from '../../../../components/shown-once.js';
import type { Agent } from '../../editor/draft/draft.js';
import { OverlapDialog } from '../overlap-dialog.js';
import { usePatchAgent } from '../use-patch-agent.js';
import { CallbackForm } from './callback-form.js';
import { Deliveries } from './deliveries.js';
import { DisabledNotice } from './disabled-notice.js';
import { useRotateSecret } from './use-rotate-secret.js';

/** Where the end of each run is posted to, signed, and how that went. */
export function CallbackSection({ agent }: { agent: Agent }) {
  const { callback } = agent;
  const { patch, error, isPending } = usePatchAgent(agent);
  const { rotate, isRotating } = useRotateSecret(agent.id);
  const [isAsking, { open, close }] = useDisclosure(false);
  const [secret, setSecret] = useState<string>();

  const save = async (url: string) => {
    const saved = await patch({ callback: { url } });
    if (typeof saved?.callback?.secret === 'string') setSecret(saved.callback.secret);
  };
  const askToRemove = () =>
    askToConfirm({
      title: 'Remove the callback?',
      body: 'Ends of runs are posted nowhere any more, and its secret is deleted. What is still pending is not sent.',
      confirm: 'Remove',
      onConfirm: () => void patch({ callback: null }).then((saved) => saved && setSecret(undefined)),
    });

  return (
    <Panel
      title="Callback"
      actions={
        callback && (
          <Group gap={6} wrap="nowrap">
            <NeedsRole role="admin">
              <Button
                size="compact-sm"
                variant="default"
                leftSection={<IconRefresh size={14} aria-hidden />}
                onClick={open}
              >
                Rotate secret
              </Button>
            </NeedsRole>
            <NeedsRole role="admin">
              <Button size="compact-sm" variant="subtle" color="red" onClick={askToRemove}>
                Remove
              </Button>
            </NeedsRole>
          </Group>
        )
      }
    >
      <Stack gap="sm">
        {callback === null && (
          <Text size="sm" c="dimmed">
            The end of each run is posted to your URL, signed as Standard Webhooks has it, and tried again for
            three days.
          </Text>
        )}
        {callback?.disabled && <DisabledNotice agentId={agent.id} disabled={callback.disabled} />}
        <CallbackForm key={callback?.url} url={callback?.url ?? ''} isPending={isPending} onSave={save} />
        {error && <ErrorState error={error} />}
        {callback && secret !== undefined && (
          <ShownOnce value={secret} what="callback secret">
            Your receiver checks the signature with it: see “Verify callback” among the snippets.
          </ShownOnce>
        )}
        {callback?.previous_expires_at && (
          <Alert color="blue" p="xs">
            Deliveries are signed with the old secret too. It ends{' '}
            <RelativeTime at={callback.previous_expires_at} />.
          </Alert>
        )}
        {callback && <Deliveries agentId={agent.id} />}
      </Stack>
      <OverlapDialog
        isOpen={isAsking}
        onClose={close}
        title="Rotate the callback’s secret?"
        old="Signatures by the old secret"
        isPending={isRotating}
        onRotate={(overlapSeconds) =>
          void rotate(overlapSeconds).then(
            (made) => {
              setSecret(made);
              close();
            },
            () => {},
          )
        }
      >
        Each delivery is signed with both meanwhile. Give the new secret to your receiver before the old one
        ends; after that, a receiver with the old one refuses what it gets.
      </OverlapDialog>
    </Panel>
  );
}
