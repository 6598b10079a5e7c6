import { Accordion, Group, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface SectionProps {
  /** The value of its accordion. */
  value: string;
  title: string;
  children: ReactNode;
}

/** A part of a panel that opens and closes. */
export function Section({ value, title, children }: SectionProps) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>
        <Text span size="sm" fw={600}>
          {title}
        </Text>
      </Accordion.Control>
      {/* Not a landmark, because its content is one. */}
      <Accordion.Panel role="group">{children}</Accordion.Panel>
    </Accordion.Item>
  );
}

/** Replaces content that the session may not see. */
export function Withheld() {
  return (
    <Group gap={6} c="dimmed">
      <IconEyeOff size={16} aria-hidden />
      <Text size="sm">Withheld: your API key may not see payloads.</Text>
    </Group>
  );
}
