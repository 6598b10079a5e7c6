import { Anchor, Badge, Button, Group, List, Paper, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../../api/client.js';
import { BulkProgress } from '../../components/bulk/bulk-progress.js';
import { BULK_WORDS, type BulkJob, countOf, isOpen } from '../../components/bulk/bulk-words.js';
import { NeedsRole } from '../../components/needs-role.js';
import { OutsideText } from '../../components/outside-text.js';
import { RelativeTime } from '../../components/times.js';

const COLORS: Record<BulkJob['state'], string> = {
  counting: 'blue',
  running: 'blue',
  done: 'green',
  stopped: 'gray',
};

/** One job: what it does, how far it is, why items were left out, and a button that stops it. */
export function JobCard({ job }: { job: BulkJob }) {
  const queryClient = useQueryClient();
  const stop = api.useMutation('post', '/api/bulk/{id}/stop', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/bulk'] }),
  });
  const { id, action, state, total, created_at, created_by, filter, reasons } = job;
  const words = filterWords(filter);
  const examples = reasons.flatMap(({ examples: some }) => some).slice(0, 5);
  return (
    <Paper component="article" aria-labelledby={id}>
      <Group justify="space-between" mb={4} gap="xs" wrap="nowrap" align="flex-start">
        <Title order={2} size="sm" id={id}>
          {BULK_WORDS[action].verb} {countOf(action, total)}
        </Title>
        <Badge variant="light" color={COLORS[state]} radius="sm" flex="none">
          {state}
        </Badge>
      </Group>
      <Text size="sm" c="dimmed" mb="xs" style={{ overflowWrap: 'anywhere' }}>
        <RelativeTime at={created_at} />
        {created_by !== null && (
          <>
            {' by '}
            <OutsideText text={created_by} />
          </>
        )}
        {words !== '' && (
          <>
            {': '}
            <OutsideText text={words} />
          </>
        )}
      </Text>
      <BulkProgress job={job} />
      {examples.length > 0 && action !== 'accept' && action !== 'resend' && (
        <List size="sm" mt="xs" aria-label="Some of them">
          {examples.map((taskId) => (
            <List.Item key={taskId}>
              <Anchor
                inherit
                renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId }} {...props} />}
              >
                {taskId}
              </Anchor>
            </List.Item>
          ))}
        </List>
      )}
      {isOpen(job) && (
        <Group justify="flex-end" mt="xs">
          <NeedsRole role="operator">
            <Button
              size="compact-sm"
              variant="default"
              loading={stop.isPending}
              onClick={() => stop.mutate({ params: { path: { id } } })}
            >
              Stop
            </Button>
          </NeedsRole>
        </Group>
      )}
    </Paper>
  );
}

/** A filter as one line: `status FAILURE, from 2026-11-22T09:00:00Z`. */
const filterWords = (filter: unknown): string =>
  Object.entries(filter ?? {})
    .map(([name, value]) => `${name.replaceAll('_', ' ')} ${[value].flat().join(' or ')}`)
    .join(', ');
