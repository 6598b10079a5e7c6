import { Button, VisuallyHidden } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import type { Agent } from './draft/draft.js';

interface NewerNoticeProps {
  newer: Agent;
  onReview: (newer: Agent) => void;
}

/**
 * Says that another version changed what is edited here, before anything is lost. As high as a line of text.
 */
export function NewerNotice({ newer, onReview }: NewerNoticeProps) {
  const words = `v${newer.version}${newer.saved_by ? ` by ${newer.saved_by}` : ''} changed this too`;
  return (
    <>
      <VisuallyHidden role="status">{words}</VisuallyHidden>
      <Button
        size="compact-xs"
        variant="light"
        color="orange"
        fullWidth
        justify="flex-start"
        leftSection={<IconUsers size={14} aria-hidden />}
        title={words}
        onClick={() => onReview(newer)}
      >
        Compare: {words}
      </Button>
    </>
  );
}
