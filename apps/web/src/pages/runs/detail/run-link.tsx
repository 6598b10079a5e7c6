import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { shortId } from '../run-names.js';

/** A link to another run, by its short id. */
export function RunLink({ taskId }: { taskId: string }) {
  return (
    <Anchor
      inherit
      ff="monospace"
      renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId }} {...props} />}
    >
      {shortId(taskId)}
    </Anchor>
  );
}
