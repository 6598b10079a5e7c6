import { ActionIcon, Button, CopyButton as Copied, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyButtonProps {
  value: string;
  /** What is copied, as in "webhook URL": said to screen readers, and on hover. */
  what: string;
  /** Shown as a button with this text rather than an icon alone. */
  label?: string;
}

/** Copies a text; says for a moment that it did. */
export function CopyButton({ value, what, label }: CopyButtonProps) {
  return (
    <Copied value={value} timeout={1500}>
      {({ copied, copy }) => {
        const icon = copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />;
        if (label !== undefined) {
          return (
            <Button variant="default" onClick={copy} leftSection={icon} aria-live="polite">
              {copied ? 'Copied' : label}
            </Button>
          );
        }
        return (
          <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={copy}
              aria-label={copied ? 'Copied' : `Copy ${what}`}
            >
              {icon}
            </ActionIcon>
          </Tooltip>
        );
      }}
    </Copied>
  );
}
