import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

export interface Question {
  title: string;
  /** What will happen. */
  body: ReactNode;
  /** The verb on the button, as in "Revoke". */
  confirm: string;
  onConfirm: () => void;
}

/** Asks before an action that cannot be undone. The safe button has the focus. */
export const askToConfirm = ({ title, body, confirm, onConfirm }: Question): void => {
  modals.openConfirmModal({
    title,
    children: (
      <Text size="sm" component="div">
        {body}
      </Text>
    ),
    labels: { confirm, cancel: 'Cancel' },
    // The theme's filled red has too little contrast with its label (WCAG 2.2, 1.4.3).
    confirmProps: { color: 'red.9' },
    cancelProps: { 'data-autofocus': true },
    centered: true,
    onConfirm,
  });
};
