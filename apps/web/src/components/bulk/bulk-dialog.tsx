import { Button, Group, Modal, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorState } from '../error-state.js';
import { useReturnFocus } from '../use-return-focus.js';
import { BulkProgress } from './bulk-progress.js';
import { BULK_WORDS, type BulkInput, countOf, isOpen } from './bulk-words.js';
import { useBulkJob } from './use-bulk-job.js';
import { useMatching } from './use-matching.js';

interface BulkDialogProps {
  input: BulkInput;
  /** Called with whether a job was started. */
  onClose: (hasRun: boolean) => void;
}

/** Counts, asks, starts a bulk job, shows its progress and outcome. Closed, the job goes on. */
export default function BulkDialog({ input, onClose }: BulkDialogProps) {
  useReturnFocus();
  const { action } = input;
  const { verb, warning } = BULK_WORDS[action];
  const [version, setVersion] = useState<'current' | 'original'>('current');
  const { job, error, isStarting, start, stop } = useBulkJob();
  const counted = useMatching(input);
  const items = counted === undefined ? '…' : countOf(action, counted.matching);
  const what = counted?.is_complete === false ? `at least ${items}` : items;
  return (
    <Modal
      opened
      centered
      title={`${verb} ${what}`}
      onClose={() => onClose(job !== undefined)}
      closeOnClickOutside={!job}
    >
      <Stack>
        {job ? <BulkProgress job={job} /> : <Text size="sm">{warning}</Text>}
        {error && <ErrorState error={error} />}
        {!job && input.action === 'replay' && (
          <SegmentedControl
            aria-label="Version of the agent"
            value={version}
            onChange={(value) => setVersion(value === 'original' ? 'original' : 'current')}
            data={[
              { value: 'current', label: 'The current version' },
              { value: 'original', label: 'The original version' },
            ]}
          />
        )}
        {job && isOpen(job) && (
          <Text size="sm" c="dimmed">
            A worker does it. It goes on if you close this.
          </Text>
        )}
        <Group justify="flex-end">
          {!job && (
            <>
              <Button variant="default" data-autofocus onClick={() => onClose(false)}>
                Back
              </Button>
              <Button
                color={action === 'cancel' || action === 'purge' ? 'red.9' : 'indigo'}
                loading={isStarting}
                disabled={counted?.matching === 0}
                onClick={() =>
                  void start(input.action === 'replay' ? { ...input, version } : input).catch(() => undefined)
                }
              >
                {verb} {what}
              </Button>
            </>
          )}
          {job && isOpen(job) && (
            <Button variant="default" onClick={() => void stop().catch(() => undefined)}>
              Stop here
            </Button>
          )}
          {job && !isOpen(job) && <Button onClick={() => onClose(true)}>Done</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}
