import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** Enough of a task id to tell runs apart. */
const SHOWN_ID = 8;

/** A link to a run. */
export function RunLink({ taskId }: { taskId: string }) {
  return (
    <Anchor
      size="sm"
      ff="monospace"
      underline="always"
      renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId }} {...props} />}
    >
      {taskId.slice(0, SHOWN_ID)}
    </Anchor>
  );
}
