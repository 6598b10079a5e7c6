import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';

/** In seconds, as text. */
const OVERLAPS = [
  { value: '0', label: 'Expires now' },
  { value: '3600', label: 'Works for 1 hour' },
  { value: '86400', label: 'Works for 24 hours' },
  { value: '604800', label: 'Works for 7 days' },
];
const DEFAULT_OVERLAP = '86400';

interface OverlapDialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  /** What is replaced, as in "The old URL". */
  old: string;
  /** What stops working, and what the user must do. */
  children: ReactNode;
  isPending: boolean;
  onRotate: (overlapSeconds: number) => void;
}

/** Asks how long the old URL or secret stays valid. */
export function OverlapDialog({
  isOpen,
  onClose,
  title,
  old,
  children,
  isPending,
  onRotate,
}: OverlapDialogProps) {
  const [overlap, setOverlap] = useState(DEFAULT_OVERLAP);
  return (
    <Modal opened={isOpen} onClose={onClose} title={title} centered>
      <Stack>
        <Text size="sm" component="div">
          {children}
        </Text>
        <Radio.Group label={old} value={overlap} onChange={setOverlap}>
          <Stack gap="xs" mt={6}>
            {OVERLAPS.map((each) => (
              <Radio key={each.value} {...each} />
            ))}
          </Stack>
        </Radio.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button
            color={overlap === '0' ? 'red' : undefined}
            loading={isPending}
            onClick={() => onRotate(Number(overlap))}
          >
            Rotate
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
