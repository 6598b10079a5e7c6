import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconX } from '@tabler/icons-react';
import { type CopyOutcome, useCopy } from './use-copy.js';

interface CopyButtonProps {
  value: string;
  /** What is copied, as in "webhook URL". Screen readers announce it, and a tooltip shows it. */
  what: string;
  /** Text of the button. Without it, only an icon is shown. */
  label?: string;
}

const WORDS: Record<CopyOutcome, string> = {
  copied: 'Copied',
  failed: 'Not copied. Select the text instead',
};

const ICONS = { copied: IconCheck, failed: IconX };

/** Copies a text and says for a moment whether that worked. */
export function CopyButton({ value, what, label }: CopyButtonProps) {
  const { outcome, copy } = useCopy(value);
  const Icon = outcome ? ICONS[outcome] : IconCopy;
  const icon = <Icon size={16} aria-hidden />;
  if (label !== undefined) {
    return (
      <Button variant="default" onClick={copy} leftSection={icon} aria-live="polite">
        {outcome ? WORDS[outcome] : label}
      </Button>
    );
  }
  const words = outcome ? WORDS[outcome] : `Copy ${what}`;
  return (
    <Tooltip label={words}>
      <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={words}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
