import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

/** Names and values side by side; those without a value are left out. */
export function FactRow({ facts }: { facts: Record<string, ReactNode> }) {
  return (
    <Group gap="8px 32px" component="dl" m={0}>
      {Object.entries(facts).map(
        ([name, value]) =>
          value !== null &&
          value !== undefined &&
          value !== false && (
            <Stack key={name} gap={0} miw={56}>
              <Text component="dt" size="xs" c="dimmed">
                {name}
              </Text>
              <Text component="dd" size="sm" fw={500} m={0} style={{ overflowWrap: 'anywhere' }}>
                {value}
              </Text>
            </Stack>
          ),
      )}
    </Group>
  );
}
