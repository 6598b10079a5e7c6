import { Button, Group, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { IconCopy, IconEraser, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { Link, useRouter } from '@tanstack/react-router';
import { lazy, type ReactElement, Suspense } from 'react';
import { api } from '../../../../api/client.js';
import type { Role } from '../../../../app/session.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { Panel } from '../../../../components/panel.js';
import { PauseButton } from '../../../../components/pauses/pause-button.js';
import { useEraseRuns } from '../../use-erase-runs.js';
import { useDraft } from '../draft/use-draft.js';
import { useShowSaved } from '../draft/use-save.js';

const DeleteDialog = lazy(() => import('../../delete-dialog.js'));

/** Actions on the whole agent. They take effect at once, without saving the draft. */
export function DangerSection() {
  const { base } = useDraft().draft;
  const [isDeleting, deletion] = useDisclosure(false);
  const router = useRouter();
  const showSaved = useShowSaved();
  const patch = api.useMutation('patch', '/api/agents/{id}', { onSuccess: showSaved });
  const erasing = useEraseRuns(base.id);
  const askToErase = () =>
    askToConfirm({
      title: `Erase all runs of ${base.name}?`,
      body:
        'Runs that have not ended are cancelled. Then payloads, results, traces, callback deliveries ' +
        'and rejections are deleted permanently.',
      confirm: 'Erase the runs',
      onConfirm: () =>
        erasing.mutate(undefined, {
          onSuccess: ({ erased, left }) =>
            notifications.show({
              color: left === 0 ? 'green' : 'orange',
              title: `${erased} ${erased === 1 ? 'run' : 'runs'} erased`,
              message:
                left === 0 ? 'They are deleted permanently.' : `${left} had not ended: try again later.`,
            }),
        }),
    });
  const isActive = base.status === 'active';
  const setStatus = (status: 'active' | 'disabled') =>
    patch.mutate({ params: { path: { id: base.id } }, body: { status } });

  return (
    <Panel title="Agent">
      <Stack>
        {isActive ? (
          <Row title="Disable" text="Its URL answers 403 until you enable it again. Running tasks continue.">
            <Button
              flex="none"
              variant="default"
              leftSection={<IconPlayerPause size={16} aria-hidden />}
              loading={patch.isPending}
              onClick={() =>
                askToConfirm({
                  title: `Disable ${base.name}?`,
                  body: 'Its senders get 403 from now on, until you enable it again.',
                  confirm: 'Disable',
                  onConfirm: () => setStatus('disabled'),
                })
              }
            >
              Disable
            </Button>
          </Row>
        ) : (
          <Row title="Enable" text="Its URL accepts requests again.">
            <Button
              flex="none"
              variant="default"
              leftSection={<IconPlayerPlay size={16} aria-hidden />}
              loading={patch.isPending}
              onClick={() => setStatus('active')}
            >
              Enable
            </Button>
          </Row>
        )}
        {base.paused === null && (
          <Row
            title="Pause"
            role="operator"
            text="Events are stored and wait until you resume it. Attempts that run go on to their end; tests run."
          >
            <PauseButton target={{ scope: 'agent', agent_id: base.id }} name={base.name} label="Pause" />
          </Row>
        )}
        <Row title="Duplicate" text="Creates a new agent from the saved version, with its own webhook.">
          <Button
            flex="none"
            variant="default"
            leftSection={<IconCopy size={16} aria-hidden />}
            renderRoot={(props) => (
              <Link to="/agents/new" search={{ start: 'copy', of: base.id }} {...props} />
            )}
          >
            Duplicate
          </Button>
        </Row>
        <Row
          title="Erase runs"
          text="Permanently deletes payloads, results, traces and rejections of all its runs. Counts and notes stay."
        >
          <Button
            flex="none"
            variant="light"
            color="red"
            leftSection={<IconEraser size={16} aria-hidden />}
            loading={erasing.isPending}
            onClick={askToErase}
          >
            Erase runs
          </Button>
        </Row>
        <Row
          title="Delete"
          text="Its webhook URL stops working at once, and its versions are deleted permanently."
        >
          <Button
            flex="none"
            variant="light"
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={deletion.open}
          >
            Delete
          </Button>
        </Row>
      </Stack>
      {isDeleting && (
        <Suspense>
          <DeleteDialog
            agent={base}
            onClose={deletion.close}
            onDeleted={() => void router.navigate({ to: '/agents', ignoreBlocker: true })}
          />
        </Suspense>
      )}
    </Panel>
  );
}

interface RowProps {
  title: string;
  text: string;
  /** The role that the action needs. */
  role?: Role;
  children: ReactElement<object>;
}

function Row({ title, text, role = 'admin', children }: RowProps) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <div style={{ flex: 1, minWidth: 0 }}>
        <Text size="sm" fw={600}>
          {title}
        </Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
      </div>
      <NeedsRole role={role}>{children}</NeedsRole>
    </Group>
  );
}
