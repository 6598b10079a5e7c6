import { Button, Popover, Text } from '@mantine/core';
import { IconAlertTriangle, IconPlugConnectedX } from '@tabler/icons-react';
import classes from './header-notice.module.css';
import type { Trouble } from './use-trouble.js';

/**
 * Says why the pages may be stale or tasks do not run. Its space in the header is always reserved, so it
 * moves and covers nothing.
 */
export function HeaderNotice({ trouble }: { trouble: Trouble }) {
  const { color, title, hint, detail } = trouble;
  const Icon = color === 'orange' ? IconPlugConnectedX : IconAlertTriangle;
  return (
    <Popover position="bottom" width={320} withArrow>
      <Popover.Target>
        <Button
          variant="light"
          color={color}
          size="compact-sm"
          leftSection={<Icon size={16} aria-hidden />}
          classNames={{ root: classes.notice, section: classes.icon }}
        >
          <Text span inherit truncate>
            {title}
            <Text span inherit fw={400} visibleFrom="md">
              {` · ${hint}`}
            </Text>
          </Text>
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {detail}
        </Text>
      </Popover.Dropdown>
    </Popover>
  );
}
