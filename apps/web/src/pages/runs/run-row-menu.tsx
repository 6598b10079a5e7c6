import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconHistory, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useSession } from '../../app/session.js';
import type { Run } from './run-filters.js';
import { isUnfinished } from './run-list.js';
import { shortId } from './run-names.js';
import classes from './run-table.module.css';
import { useRunActions } from './use-run-actions.js';

/** The actions on a row's run. */
export function RunRowMenu({ run }: { run: Run }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          className={classes.above}
          variant="subtle"
          color="gray"
          aria-label={`Actions for run ${shortId(run.task_id)}`}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Items run={run} />
      </Menu.Dropdown>
    </Menu>
  );
}

function Items({ run }: { run: Run }) {
  const { why } = useSession();
  const { cancel, replay } = useRunActions();
  const refused = why('operator');
  return (
    <>
      {refused && <Menu.Label>{refused}</Menu.Label>}
      <Menu.Item
        disabled={refused !== undefined}
        leftSection={<IconRefresh size={16} aria-hidden />}
        onClick={() => replay(run.task_id, 'current')}
      >
        Replay
      </Menu.Item>
      <Menu.Item
        disabled={refused !== undefined}
        leftSection={<IconHistory size={16} aria-hidden />}
        onClick={() => replay(run.task_id, 'original')}
      >
        Replay as version {run.agent_version}
      </Menu.Item>
      <Menu.Item
        color="red"
        disabled={refused !== undefined || !isUnfinished(run)}
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        onClick={() => cancel(run.task_id)}
      >
        Cancel
      </Menu.Item>
    </>
  );
}
