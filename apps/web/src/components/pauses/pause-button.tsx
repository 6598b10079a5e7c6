import { Button, type ButtonProps, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { IconPlayerPause } from '@tabler/icons-react';
import { useState } from 'react';
import { type PauseTarget, useChangePause } from './use-pauses.js';

interface PauseButtonProps extends ButtonProps {
  target: PauseTarget;
  /** What is paused, as people call it. */
  name: string;
  label: string;
  'aria-label'?: string;
}

/** Pauses an agent, a provider or everything, after a question. */
export function PauseButton({ target, name, label, ...rest }: PauseButtonProps) {
  const [isAsking, setAsking] = useState(false);
  const [note, setNote] = useState('');
  const { pause, isPausing } = useChangePause();
  const text = note.trim();
  const confirm = async () => {
    await pause({ ...target, ...(text !== '' && { note: text }) }).catch(() => undefined);
    setAsking(false);
  };
  return (
    <>
      <Button
        flex="none"
        variant="default"
        leftSection={<IconPlayerPause size={16} aria-hidden />}
        {...rest}
        onClick={() => setAsking(true)}
      >
        {label}
      </Button>
      <Modal opened={isAsking} centered title={`Pause ${name}?`} onClose={() => setAsking(false)}>
        <Stack>
          <Text size="sm">
            Webhooks answer as always; events are stored and wait until somebody resumes it. Attempts that run
            go on to their end. Tests run all the same.
          </Text>
          <TextInput
            label="Why (optional)"
            placeholder="The shop answers with errors."
            maxLength={200}
            value={note}
            onChange={({ currentTarget }) => setNote(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setAsking(false)}>
              Back
            </Button>
            <Button color="red.9" loading={isPausing} onClick={() => void confirm()}>
              Pause
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
