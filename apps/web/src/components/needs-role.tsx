import { Tooltip } from '@mantine/core';
import { cloneElement, type MouseEvent, type ReactElement } from 'react';
import { type Role, useSession } from '../app/session.js';

interface NeedsRoleProps {
  role: Role;
  children: ReactElement<{
    'data-disabled'?: boolean;
    'aria-disabled'?: boolean;
    onClick?: (event: MouseEvent) => void;
  }>;
}

/** A button that is only for a role: for the others it is there, does nothing and says why. */
export function NeedsRole({ role, children }: NeedsRoleProps) {
  const { why } = useSession();
  const reason = why(role);
  if (reason === undefined) return children;
  return (
    <Tooltip label={reason}>
      {/* Not `disabled`: a button that can not be reached could not tell its reason. */}
      {cloneElement(children, {
        'data-disabled': true,
        'aria-disabled': true,
        onClick: (event) => event.preventDefault(),
      })}
    </Tooltip>
  );
}
