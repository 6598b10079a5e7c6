import { Group, Paper, Text, Title } from '@mantine/core';
import { type ReactNode, type Ref, useId } from 'react';

interface PanelProps {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  ref?: Ref<HTMLElement>;
}

/** A titled part of a page. It can receive the focus when the focused element disappears. */
export function Panel({ title, description, actions, children, ref }: PanelProps) {
  const id = useId();
  return (
    <Paper component="section" ref={ref} aria-labelledby={id} tabIndex={-1}>
      <Group justify="space-between" mb={description ? 4 : 'sm'} mih={30} gap="xs">
        <Title order={2} id={id}>
          {title}
        </Title>
        {actions}
      </Group>
      {description && (
        <Text size="sm" c="dimmed" mb="sm">
          {description}
        </Text>
      )}
      {children}
    </Paper>
  );
}
