import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlayerTrackNext } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { NeedsRole } from '../../../components/needs-role.js';
import { ContinueDialog } from './continue-dialog.js';
import type { Trace } from './trace.js';

/** Lets a failed run go on. */
export function ContinueButton({ trace }: { trace: Trace }) {
  const navigate = useNavigate();
  const [isOpen, { open, close }] = useDisclosure(false);
  return (
    <>
      <NeedsRole role="operator">
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerTrackNext size={14} aria-hidden />}
          onClick={open}
        >
          Continue
        </Button>
      </NeedsRole>
      <ContinueDialog
        trace={trace}
        opened={isOpen}
        onClose={close}
        onContinued={(taskId) => void navigate({ to: '/runs/$taskId', params: { taskId } })}
      />
    </>
  );
}
