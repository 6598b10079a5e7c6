import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import {
  IconCopy,
  IconDots,
  IconFileExport,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useSession } from '../../../app/session.js';
import classes from './agent-list.module.css';
import type { ListedAgent } from './agent-rows.js';
import { useAgentActions } from './use-agent-actions.js';

const DeleteDialog = lazy(() => import('../delete-dialog.js'));

/** The actions on an agent. Those that need another role are visible, with the reason. */
export function AgentMenu({ agent }: { agent: ListedAgent }) {
  const [isDeleting, { open, close }] = useDisclosure(false);
  return (
    <>
      {isDeleting && (
        <Suspense>
          <DeleteDialog agent={agent} onClose={close} onDeleted={close} />
        </Suspense>
      )}
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon
            className={classes.above}
            variant="subtle"
            color="gray"
            aria-label={`Actions for ${agent.name}`}
          >
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Items agent={agent} onDelete={open} />
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

function Items({ agent, onDelete }: { agent: ListedAgent; onDelete: () => void }) {
  const { why } = useSession();
  const { enable, disable, exportYaml } = useAgentActions();
  const refused = why('admin');
  const isOff = refused !== undefined;
  const isActive = agent.status === 'active';
  const Toggle = isActive ? IconPlayerPause : IconPlayerPlay;
  return (
    <>
      <Menu.Item
        leftSection={<IconFileExport size={16} aria-hidden />}
        onClick={() => void exportYaml(agent)}
      >
        Export as YAML
      </Menu.Item>
      <Menu.Divider />
      {refused && <Menu.Label maw={260}>{refused}</Menu.Label>}
      <Menu.Item
        disabled={isOff}
        leftSection={<IconCopy size={16} aria-hidden />}
        renderRoot={(props) =>
          isOff ? (
            <button type="button" {...props} />
          ) : (
            <Link to="/agents/new" search={{ start: 'copy', of: agent.id }} {...props} />
          )
        }
      >
        Duplicate
      </Menu.Item>
      <Menu.Item
        disabled={isOff}
        leftSection={<Toggle size={16} aria-hidden />}
        onClick={() => (isActive ? disable(agent) : enable(agent))}
      >
        {isActive ? 'Disable' : 'Enable'}
      </Menu.Item>
      <Menu.Item
        color="red"
        disabled={isOff}
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={onDelete}
      >
        Delete
      </Menu.Item>
    </>
  );
}
