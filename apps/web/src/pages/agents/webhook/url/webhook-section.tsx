import { Alert, Button, Code, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { useSession } from '../../../../app/session.js';
import { EmptyState } from '../../../../components/empty-state.js';
import { formatCount, formatNumber } from '../../../../components/format.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { Panel } from '../../../../components/panel.js';
import { ShownOnce } from '../../../../components/shown-once.js';
import { RelativeTime } from '../../../../components/times.js';
import type { Agent } from '../../editor/draft/draft.js';
import { useAgentStats } from '../activity/use-agent-stats.js';
import { RotateActions } from '../rotate-actions.js';
import { Snippets } from '../snippets/snippets.js';
import { ExistingToken } from './existing-token.js';
import { FirstEvent } from './first-event.js';
import { PreviousUrl } from './previous-url.js';
import { useWebhook } from './use-webhook.js';

interface WebhookSectionProps {
  agent: Agent;
  /** The whole URL, if it was created on this page. */
  url: string | undefined;
  onMinted: (url: string) => void;
  /** The payload in the snippets. */
  payload: unknown;
}

/** An agent's webhook URL: create, rotate and revoke it, with programs that use it. */
export function WebhookSection({ agent, url, onMinted, payload }: WebhookSectionProps) {
  const { mint, isMinting, revoke, endPrevious } = useWebhook(agent.id);
  const { webhook } = agent;
  const { why } = useSession();
  const generate = (overlapSeconds: number) => mint(overlapSeconds).then(onMinted);

  return (
    <Panel
      title="Webhook"
      actions={
        webhook && (
          <RotateActions
            label="Rotate"
            title="Rotate the webhook URL?"
            old="The old URL"
            isRotating={isMinting}
            onRotate={generate}
            remove={{
              title: `Revoke the webhook URL of ${agent.name}?`,
              body:
                'Every sender that uses it gets 404 from now on, and their events are lost unless they ' +
                'retry. Accepted runs continue. You can generate a new URL afterwards; this one never ' +
                'works again.',
              confirm: 'Revoke',
              onConfirm: revoke,
            }}
          >
            You get a new URL. Give it to every sender before the old one expires; after that, senders with
            the old URL get 404.
          </RotateActions>
        )
      }
    >
      {webhook === null ? (
        <EmptyState
          Icon={IconLink}
          title="No webhook yet"
          action={
            <Stack gap="xs" mt="xs" align="center" w="100%">
              <NeedsRole role="admin">
                <Button
                  loading={isMinting}
                  // The mutation cache shows an error as a notification.
                  onClick={() => void generate(0).catch(() => {})}
                >
                  Generate the webhook
                </Button>
              </NeedsRole>
              {why('admin') === undefined && (
                <ExistingToken isMinting={isMinting} onUse={(token) => mint(0, token).then(onMinted)} />
              )}
            </Stack>
          }
        >
          A secret URL that runs this agent with whatever is posted to it.
        </EmptyState>
      ) : (
        <Stack gap="sm">
          {url === undefined ? (
            <Code block style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>
              POST …/api/webhooks/agents/••••••{webhook.token_hint}
            </Code>
          ) : (
            <ShownOnce value={url} what="webhook URL">
              It is shown until you leave this page. Anyone who has it can run the agent.
            </ShownOnce>
          )}
          {url !== undefined && <FirstEvent key={url} agentId={agent.id} since={webhook.created_at} />}
          <Usage agent={agent} />
          {agent.status === 'disabled' && (
            <Alert color="gray" p="xs">
              The agent is disabled: its webhook answers 403, and nothing runs.
            </Alert>
          )}
          {webhook.previous_expires_at && (
            <PreviousUrl expiresAt={webhook.previous_expires_at} onEnd={endPrevious} />
          )}
          <Snippets agent={agent} url={url} payload={payload} />
        </Stack>
      )}
    </Panel>
  );
}

/** Each fact has its own cell, so that nothing wraps or moves when one changes. */
function Usage({ agent: { id, webhook } }: { agent: Agent }) {
  const totals = useAgentStats(id)?.totals;
  return (
    <SimpleGrid cols={2} spacing="xs" verticalSpacing={2}>
      <Text size="sm" c="dimmed" truncate>
        created <RelativeTime at={webhook?.created_at} />
      </Text>
      <Text size="sm" c="dimmed" truncate>
        {webhook?.last_used_at ? (
          <>
            last used <RelativeTime at={webhook.last_used_at} />
          </>
        ) : (
          'not used yet'
        )}
      </Text>
      <Text size="sm" c="dimmed" truncate>
        {`${formatCount(totals?.triggered, 'run')} in 24 h`}
      </Text>
      <Text size="sm" c="dimmed" truncate>
        {`${formatNumber(totals?.rejected)} rejected in 24 h`}
      </Text>
    </SimpleGrid>
  );
}
