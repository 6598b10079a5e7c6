import { Group, Stack, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page.module.css';

interface PageProps {
  /** Also the title of the browser tab. */
  title: string;
  /** Replaces the plain heading on pages whose heading is more than text. */
  heading?: ReactNode;
  actions?: ReactNode;
  /** Keeps the heading and the actions visible on a long page. */
  stickyHead?: boolean;
  children: ReactNode;
}

/** The frame of a page: document title, the only h1, actions to its right, and the content. */
export function Page({ title, heading, actions, stickyHead, children }: PageProps) {
  return (
    <Stack gap="md" maw={1600} mx="auto">
      <title>{`${title} · AgentHook`}</title>
      <Group
        justify="space-between"
        align="center"
        mih={36}
        gap="sm"
        className={stickyHead ? classes.sticky : undefined}
      >
        {heading ?? <Title order={1}>{title}</Title>}
        {actions && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Stack>
  );
}
