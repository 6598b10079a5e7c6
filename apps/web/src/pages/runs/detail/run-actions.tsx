import { ActionIcon, Button, Menu, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import {
  IconBraces,
  IconColumns,
  IconCopy,
  IconDots,
  IconEdit,
  IconHistory,
  IconPlayerStop,
  IconRefresh,
  IconShare,
  IconTrash,
} from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useSession } from '../../../app/session.js';
import { copyText } from '../../../components/copy-text.js';
import { JsonView } from '../../../components/json-view.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { isUnfinished } from '../run-list.js';
import { useRunActions } from '../use-run-actions.js';
import { curlOf } from './curl.js';
import { ShareDialog } from './share-dialog.js';
import { isFull, type Trace } from './trace.js';

/** The actions on a run. */
export function RunActions({ trace }: { trace: Trace }) {
  const navigate = useNavigate();
  const { why } = useSession();
  const [isRawOpen, raw] = useDisclosure(false);
  const [isSharing, sharing] = useDisclosure(false);
  const { cancel, erase, replay } = useRunActions({
    onReplayed: (taskId) => void navigate({ to: '/runs/$taskId', params: { taskId } }),
    onErased: () => void navigate({ to: '/runs' }),
  });
  const refused = why('operator');
  const mayNotErase = why('admin');
  const copyCurl = curlCopier(trace);
  // It stays, disabled, after the end, so that no other button moves under the pointer.
  const [wasLive] = useState(() => isUnfinished(trace));
  return (
    <>
      {wasLive && (
        <NeedsRole role="operator">
          <Button
            disabled={!isUnfinished(trace)}
            variant="light"
            color="red"
            leftSection={<IconPlayerStop size={16} aria-hidden />}
            onClick={() => cancel(trace.task_id)}
          >
            Cancel
          </Button>
        </NeedsRole>
      )}
      <NeedsRole role="operator">
        <Button
          variant="default"
          px="sm"
          leftSection={<IconRefresh size={16} aria-hidden />}
          onClick={() => replay(trace.task_id, 'current')}
        >
          Replay
        </Button>
      </NeedsRole>
      <Button
        variant="default"
        px="sm"
        leftSection={<IconEdit size={16} aria-hidden />}
        renderRoot={(props) => (
          <Link
            to="/agents/$agentId"
            params={{ agentId: trace.agent_id }}
            search={{ payload_from: trace.task_id }}
            {...props}
          />
        )}
      >
        Open in editor
      </Button>
      <Button
        visibleFrom="lg"
        variant="default"
        px="sm"
        disabled={copyCurl === undefined}
        title={copyCurl ? undefined : 'Your API key may not see the payload'}
        leftSection={<IconCopy size={16} aria-hidden />}
        onClick={copyCurl}
      >
        Copy curl
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More actions">
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconHistory size={16} aria-hidden />}
            disabled={refused !== undefined}
            onClick={() => replay(trace.task_id, 'original')}
          >
            {trace.draft ? 'Replay the draft' : `Replay as version ${trace.agent_version}`}
          </Menu.Item>
          <Menu.Item
            hiddenFrom="lg"
            leftSection={<IconCopy size={16} aria-hidden />}
            disabled={copyCurl === undefined}
            onClick={copyCurl}
          >
            {copyCurl ? 'Copy curl' : 'Copy curl (payload withheld)'}
          </Menu.Item>
          <Menu.Item
            leftSection={<IconColumns size={16} aria-hidden />}
            renderRoot={(props) => <Link to="/compare" search={comparisonOf(trace)} {...props} />}
          >
            Compare
          </Menu.Item>
          <Menu.Item
            leftSection={<IconShare size={16} aria-hidden />}
            disabled={refused !== undefined}
            onClick={sharing.open}
          >
            Share…
          </Menu.Item>
          <Menu.Item leftSection={<IconBraces size={16} aria-hidden />} onClick={raw.open}>
            Raw JSON
          </Menu.Item>
          <Menu.Divider />
          {mayNotErase && <Menu.Label>{mayNotErase}</Menu.Label>}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden />}
            disabled={mayNotErase !== undefined || isUnfinished(trace)}
            onClick={() => erase(trace.task_id)}
          >
            {isUnfinished(trace) ? 'Erase (once it has ended)' : 'Erase'}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isSharing && <ShareDialog taskId={trace.task_id} onClose={sharing.close} />}
      <Modal opened={isRawOpen} onClose={raw.close} title="Raw JSON of the run" size="xl">
        <JsonView value={trace} what="Raw JSON of the run" maxHeight={560} />
      </Modal>
    </>
  );
}

/** The run beside the one it comes from, or the latest that comes from it. Else the user chooses. */
function comparisonOf({ task_id, replay_of, continued_from, replays }: Trace): { a: string; b?: string } {
  const before = replay_of ?? continued_from;
  if (before) return { a: before, b: task_id };
  const after = replays.at(-1);
  return { a: task_id, ...(after !== undefined && { b: after }) };
}

const COPIED = {
  title: 'Copied',
  message: 'Set WEBHOOK_URL to the webhook URL before you run it. Only the person who generated it has it.',
};
const NOT_COPIED = {
  color: 'red',
  title: 'Not copied',
  message:
    'The browser does not allow this page to copy. Copy the payload by hand, or open the page by https.',
};

/** Copies a run as a command; undefined if its payload is withheld. */
function curlCopier(trace: Trace): (() => void) | undefined {
  if (!isFull(trace)) return undefined;
  return async () => {
    const isCopied = await copyText(curlOf(trace.payload, trace.headers, trace.query));
    notifications.show(isCopied ? COPIED : NOT_COPIED);
  };
}
