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

/** A button that needs a role. For other roles it is visible but does nothing, and says why. */
export function NeedsRole({ role, children }: NeedsRoleProps) {
  const { why } = useSession();
  const reason = why(role);
  if (reason === undefined) return children;
  return (
    <Tooltip label={reason}>
      {/* Not `disabled`, because the keyboard could not reach a disabled button to read the reason. */}
      {cloneElement(children, {
        'data-disabled': true,
        'aria-disabled': true,
        onClick: (event) => event.preventDefault(),
      })}
    </Tooltip>
  );
}
