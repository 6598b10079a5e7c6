import { Alert, Button, Group, Text } from '@mantine/core';
import { IconUsers } from '@tabler/icons-react';
import { RelativeTime } from '../../../components/relative-time.js';
import type { Agent } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';

/** Says that what is edited here was changed elsewhere meanwhile, before anything is lost by it. */
export function NewerNotice({ onReview }: { onReview: (newer: Agent) => void }) {
  const { newer } = useDraft().draft;
  if (newer === undefined) return null;
  return (
    <Alert color="orange" role="status" icon={<IconUsers aria-hidden />}>
      <Group justify="space-between">
        <Text size="sm">
          Version {newer.version} was saved <RelativeTime at={newer.updated_at} />
          {newer.saved_by && ` by ${newer.saved_by}`}, and changed what you are changing.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => onReview(newer)}>
          Compare
        </Button>
      </Group>
    </Alert>
  );
}
