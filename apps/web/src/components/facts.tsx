import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Labels with their values, one per line. */
export function Facts({ items }: { items: [name: string, value: ReactNode][] }) {
  return (
    <Stack component="dl" gap={6} m={0}>
      {items.map(([name, value]) => (
        <Group key={name} justify="space-between" wrap="nowrap" gap="md">
          <Text component="dt" size="sm" c="dimmed">
            {name}
          </Text>
          <Text component="dd" size="sm" m={0} ta="right">
            {value}
          </Text>
        </Group>
      ))}
    </Stack>
  );
}
