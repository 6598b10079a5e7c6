import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import type { Schema } from '../../../../api/client.js';
import { isProblem } from '../../../../api/problem.js';
import { ErrorState } from '../../../../components/error-state.js';
import { Panel } from '../../../../components/panel.js';
import { ShownOnce } from '../../../../components/shown-once.js';
import { RelativeTime } from '../../../../components/times.js';
import { useNow } from '../../../../components/use-now.js';
import type { Agent } from '../../editor/draft/draft.js';
import { RotateActions } from '../rotate-actions.js';
import { usePatchAgent } from '../use-patch-agent.js';
import { CallbackForm } from './callback-form.js';
import { Deliveries } from './deliveries.js';
import { DisabledNotice } from './disabled-notice.js';
import { useAgentDeliveries } from './use-agent-deliveries.js';
import { useRotateSecret } from './use-rotate-secret.js';

const VerifyCallback = lazy(() => import('../snippets/verify-callback.js'));

/** The callback that receives the end of each run, signed, and its deliveries. */
export function CallbackSection({ agent }: { agent: Agent }) {
  const { callback } = agent;
  const { patch, error, isPending, reset } = usePatchAgent(agent);
  const { rotate, isRotating } = useRotateSecret(agent.id);
  const [secret, setSecret] = useState<string>();
  const deliveries = useAgentDeliveries(agent.id, callback !== null).data?.callbacks ?? [];
  const tried = deliveries.filter(({ url }) => url === callback?.url);
  const [last] = tried;
  const refusal = isProblem(error) ? error.errors?.find(({ path }) => path === '/callback/url') : undefined;

  const save = async (url: string) => {
    const saved = await patch({ callback: { url } });
    if (typeof saved?.callback?.secret === 'string') setSecret(saved.callback.secret);
  };
  const remove = async () => {
    if (await patch({ callback: null })) setSecret(undefined);
  };

  return (
    <Panel
      title="Callback"
      actions={
        callback && (
          <RotateActions
            label="Rotate secret"
            title="Rotate the callback’s secret?"
            old="The old secret"
            isRotating={isRotating}
            onRotate={(overlapSeconds) => rotate(overlapSeconds).then(setSecret)}
            remove={{
              title: 'Remove the callback?',
              body:
                'Ends of runs are no longer posted, and the secret is deleted. Pending deliveries are ' +
                'not sent.',
              confirm: 'Remove',
              onConfirm: () => void remove(),
            }}
          >
            Until the old secret expires, each delivery is signed with both. Give the new secret to your
            receiver before then; afterwards, a receiver with the old secret refuses deliveries.
          </RotateActions>
        )
      }
    >
      <Stack gap="sm">
        {callback === null && (
          <Text size="sm" c="dimmed">
            The end of each run is posted to your URL, signed per Standard Webhooks, and retried for three
            days. You get a secret for the signature when you add the URL.
          </Text>
        )}
        {callback?.disabled && <DisabledNotice agentId={agent.id} disabled={callback.disabled} />}
        <CallbackForm
          url={callback?.url ?? ''}
          isPending={isPending}
          fault={last?.reason === 'refused' ? refusedWords(last) : undefined}
          isReached={tried.some(isAnswered)}
          refusal={refusal && `The URL ${refusal.message}.`}
          onEdit={reset}
          onSave={save}
        />
        {error && !refusal && <ErrorState error={error} />}
        {callback && secret !== undefined && (
          <ShownOnce value={secret} what="callback secret">
            Your receiver checks the signature with it, as the programs under “How a receiver checks it” show.
          </ShownOnce>
        )}
        {callback?.previous_expires_at && <OldSecret expiresAt={callback.previous_expires_at} />}
        {callback && <HowToVerify />}
        {callback && <Deliveries agentId={agent.id} />}
      </Stack>
    </Panel>
  );
}

type Delivery = Schema<'CallbackDelivery'>;

const isAnswered = ({ attempts }: Delivery) => attempts.some((attempt) => attempt.response_status !== null);

const refusedWords = ({ attempts }: Delivery): string =>
  `${attempts.at(-1)?.error ?? 'AgentHook may not call it.'} Enter another URL, or send again once it ` +
  'is allowed.';

/** Says how long the previous secret stays valid. */
function OldSecret({ expiresAt }: { expiresAt: string }) {
  const isOver = useNow((now) => Date.parse(expiresAt) <= now);
  if (isOver) return null;
  return (
    <Alert color="blue" p="xs" role="status">
      Deliveries are also signed with the old secret. It expires <RelativeTime at={expiresAt} />.
    </Alert>
  );
}

/** Example programs for receivers. */
function HowToVerify() {
  const [isOpen, { toggle }] = useDisclosure(false);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <div>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        ml={-8}
        aria-expanded={isOpen}
        onClick={toggle}
        leftSection={<Chevron size={16} aria-hidden />}
      >
        How a receiver checks it
      </Button>
      {isOpen && (
        <Suspense fallback={<Skeleton h={260} />}>
          <VerifyCallback />
        </Suspense>
      )}
    </div>
  );
}
