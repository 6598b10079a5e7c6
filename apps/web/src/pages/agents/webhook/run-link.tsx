import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

/** Links to the page of a run. */
export function RunLink({ taskId, children = 'Open the run' }: { taskId: string; children?: string }) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId }} {...props} />}>
      {children}
    </Anchor>
  );
}
