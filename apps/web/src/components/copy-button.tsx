import { ActionIcon, Button, CopyButton as Copied, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';

interface CopyButtonProps {
  value: string;
  /** What is copied, as in "webhook URL". Screen readers announce it, and a tooltip shows it. */
  what: string;
  /** Text of the button. Without it, only an icon is shown. */
  label?: string;
}

/** Copies a text and confirms it for a moment. */
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
