import { List, Progress, Stack, Text } from '@mantine/core';
import { type BulkJob, progressWords } from './bulk-words.js';

/** How far a bulk job is, and why items were not done. */
export function BulkProgress({ job }: { job: BulkJob }) {
  const { state, total, done, skipped, failed, reasons } = job;
  const part = total === 0 ? 100 : (100 * (done + skipped + failed)) / total;
  return (
    <Stack gap="xs" role="status">
      <Progress value={state === 'counting' ? 0 : part} aria-label="Progress" />
      <Text size="sm">{progressWords(job)}</Text>
      {reasons.length > 0 && (
        <List size="sm">
          {reasons.map(({ outcome, code, title, count }) => (
            <List.Item key={`${outcome} ${code}`}>
              {count.toLocaleString()} {outcome === 'skipped' ? 'skipped' : 'not done'}: {title}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
