import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

interface RunLinkProps {
  taskId: string;
  children?: string;
  /** Whether it is inside a text: it then has the colour of that text, and a line under it. */
  isInText?: boolean;
}

/** Links to the page of a run. */
export function RunLink({ taskId, children = 'Open the run', isInText = false }: RunLinkProps) {
  return (
    <Anchor
      size="sm"
      {...(isInText && { c: 'inherit', underline: 'always' })}
      renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId }} {...props} />}
    >
      {children}
    </Anchor>
  );
}
