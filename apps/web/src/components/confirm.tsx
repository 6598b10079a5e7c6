import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

export interface Question {
  title: string;
  /** What will happen. */
  body: ReactNode;
  /** The verb on the button, as in "Revoke". */
  confirm: string;
  /** The button that does nothing. Default: Cancel, which may be taken for the action if that cancels. */
  keep?: string;
  onConfirm: () => void;
}

/** Asks before an action that cannot be undone. The safe button has the focus. */
export const askToConfirm = ({ title, body, confirm, keep = 'Cancel', onConfirm }: Question): void => {
  modals.openConfirmModal({
    title,
    children: (
      <Text size="sm" component="div">
        {body}
      </Text>
    ),
    labels: { confirm, cancel: keep },
    // The theme's filled red has too little contrast with its label (WCAG 2.2, 1.4.3).
    confirmProps: { color: 'red.9' },
    cancelProps: { 'data-autofocus': true },
    centered: true,
    onConfirm,
  });
};
