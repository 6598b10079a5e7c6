import { Button, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRefresh } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { askToConfirm, type Question } from '../../../components/confirm.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { OverlapDialog } from './overlap-dialog.js';

interface RotateActionsProps {
  /** The label of the button that rotates. */
  label: string;
  title: string;
  /** What is replaced, as in "The old URL". */
  old: string;
  /** What breaks, and what has to be done. */
  children: ReactNode;
  isRotating: boolean;
  /** Rejects where it was refused, which the cache of mutations shows. */
  onRotate: (overlapSeconds: number) => Promise<unknown>;
  /** Asked before it is ended for good. */
  remove: Question;
}

/** The buttons of what has a secret: one replaces it, with an overlap, the other ends it. Each asks first. */
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

/** Once its element is gone with the focus in it, what it lay in has the focus, not the top of the page. */
function useFocusKeeper() {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const panel = root.current?.closest('section');
    return () => {
      // Not before dialogs have given the focus back.
      setTimeout(() => {
        if (root.current === null && document.activeElement === document.body) panel?.focus();
      });
    };
  }, []);
  return root;
}
