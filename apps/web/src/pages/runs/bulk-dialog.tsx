import { Button, Group, List, Modal, Progress, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useReturnFocus } from '../../components/use-return-focus.js';
import { type BulkProgress, useBulk } from './use-bulk.js';
import type { ReplayVersion } from './use-run-actions.js';

interface BulkDialogProps {
  verb: 'cancel' | 'replay';
  ids: readonly string[];
  /** Called with whether any run was changed. */
  onClose: (hasRun: boolean) => void;
}

const WORDS = {
  cancel: {
    verb: 'Cancel',
    done: 'cancelled',
    warning:
      'They end as FAILURE, keep what they have, and are not retried. Tool calls already made are not ' +
      'undone.',
  },
  replay: {
    verb: 'Replay',
    done: 'replayed',
    warning: 'Each is run again as a new run with the same payload and headers, so its tools act again.',
  },
};

/** Asks, acts on one run after the other with progress, and reports the outcome. */
export function BulkDialog({ verb, ids, onClose }: BulkDialogProps) {
  useReturnFocus();
  const [version, setVersion] = useState<ReplayVersion>('current');
  const { progress, start, stop } = useBulk();
  const words = WORDS[verb];
  const runs = `${ids.length} ${ids.length === 1 ? 'run' : 'runs'}`;
  return (
    <Modal
      opened
      centered
      title={`${words.verb} ${runs}`}
      onClose={() => onClose(progress !== undefined)}
      withCloseButton={!progress?.isRunning}
      closeOnClickOutside={!progress}
      closeOnEscape={!progress?.isRunning}
    >
      <Stack>
        {progress ? (
          <BulkReport progress={progress} done={words.done} />
        ) : (
          <Text size="sm">{words.warning}</Text>
        )}
        {!progress && verb === 'replay' && (
          <SegmentedControl
            aria-label="Version of the agent"
            value={version}
            onChange={setVersion}
            data={[
              { value: 'current', label: 'The current version' },
              { value: 'original', label: 'The original version' },
            ]}
          />
        )}
        <Group justify="flex-end">
          {!progress && (
            <>
              <Button variant="default" data-autofocus onClick={() => onClose(false)}>
                Back
              </Button>
              <Button
                color={verb === 'cancel' ? 'red.9' : 'indigo'}
                onClick={() => void start(verb === 'cancel' ? { verb } : { verb, version }, ids)}
              >
                {words.verb} {runs}
              </Button>
            </>
          )}
          {progress?.isRunning && (
            <Button variant="default" onClick={stop}>
              Stop here
            </Button>
          )}
          {progress && !progress.isRunning && <Button onClick={() => onClose(true)}>Done</Button>}
        </Group>
      </Stack>
    </Modal>
  );
}

function BulkReport({
  progress: { total, done, refused, isRunning },
  done: word,
}: {
  progress: BulkProgress;
  done: string;
}) {
  const failed = [...refused.values()].reduce((sum, count) => sum + count, 0);
  return (
    <Stack gap="xs" role="status">
      <Progress value={(100 * (done + failed)) / total} aria-label="Progress" />
      <Text size="sm">
        {done} of {total} {word}
        {isRunning ? ' so far' : ''}.{!isRunning && done + failed < total && ' Stopped by you.'}
      </Text>
      {failed > 0 && (
        <List size="sm">
          {[...refused].map(([title, count]) => (
            <List.Item key={title}>
              {count} not done: {title}
            </List.Item>
          ))}
        </List>
      )}
    </Stack>
  );
}
