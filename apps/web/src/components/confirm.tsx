import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';

export interface Question {
  title: string;
  /** What will happen, in plain words. */
  body: ReactNode;
  /** The verb, as in "Revoke". */
  confirm: string;
  onConfirm: () => void;
}

/** Asks before something that can not be undone. The safe answer has the focus. */
export const askToConfirm = ({ title, body, confirm, onConfirm }: Question): void => {
  modals.openConfirmModal({
    title,
    children: (
      <Text size="sm" component="div">
        {body}
      </Text>
    ),
    labels: { confirm, cancel: 'Cancel' },
    // The filled red of the theme has too little contrast with its label (WCAG 2.2, 1.4.3).
    confirmProps: { color: 'red.9' },
    cancelProps: { 'data-autofocus': true },
    centered: true,
    onConfirm,
  });
};
