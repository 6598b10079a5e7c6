import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { askToConfirm, type Question } from '../../../components/confirm.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { OverlapDialog } from './overlap-dialog.js';

interface RotateActionsProps {
  /** Label of the button that rotates. */
  label: string;
  title: string;
  /** What is replaced, as in "The old URL". */
  old: string;
  /** What stops working, and what the user must do. */
  children: ReactNode;
  isRotating: boolean;
  /** Rejects on an error, which the mutation cache shows. */
  onRotate: (overlapSeconds: number) => Promise<unknown>;
  /** The question before the permanent removal. */
  remove: Question;
}

/**
 * The buttons for something with a secret: one rotates it with an overlap, the other removes it. Both ask
 * first.
 */
export function RotateActions({
  label,
  title,
  old,
  children,
  isRotating,
  onRotate,
  remove,
}: RotateActionsProps) {
  const [isAsking, { open, close }] = useDisclosure(false);
  const root = useFocusKeeper();
  return (
    <Group gap={6} wrap="nowrap" ref={root}>
      <NeedsRole role="admin">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={open}
        >
          {label}
        </Button>
      </NeedsRole>
      <NeedsRole role="admin">
        <Button size="compact-sm" variant="subtle" color="red" onClick={() => askToConfirm(remove)}>
          {remove.confirm}
        </Button>
      </NeedsRole>
      <OverlapDialog
        isOpen={isAsking}
        onClose={close}
        title={title}
        old={old}
        isPending={isRotating}
        onRotate={(overlapSeconds) => void onRotate(overlapSeconds).then(close, () => {})}
      >
        {children}
      </OverlapDialog>
    </Group>
  );
}

/** When the focused element disappears, its container gets the focus instead of the top of the page. */
function useFocusKeeper() {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const panel = root.current?.closest('section');
    return () => {
      // After dialogs have returned the focus.
      setTimeout(() => {
        if (root.current === null && document.activeElement === document.body) panel?.focus();
      });
    };
  }, []);
  return root;
}
