import { Paper, Text, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface ChartPanelProps {
  title: string;
  /** What the chart shows, in words. */
  summary: string;
  children: ReactNode;
}

/** A chart with a title, and a summary for people who cannot see it. */
export function ChartPanel({ title, summary, children }: ChartPanelProps) {
  const id = useId();
  return (
    <Paper component="figure" m={0} p="sm" aria-labelledby={id}>
      <Title order={2} size="sm" id={id}>
        {title}
      </Title>
      <Text size="xs" c="dimmed" component="figcaption" mb="sm">
        {summary}
      </Text>
      {children}
    </Paper>
  );
}
