import { Anchor, CloseButton, Group, List, Paper, Text, ThemeIcon, Title } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconCheck, IconCircleDashed } from '@tabler/icons-react';
import { Link, type LinkProps } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Schema } from '../../api/client.js';

/** Later, the list would only be in the way. */
const SHOWN_FOR_MS = 7 * 86_400_000;

interface FirstStepsProps {
  agents: readonly Schema<'Agent'>[];
  models: Schema<'ModelList'> | undefined;
}

interface Step {
  label: string;
  hint: string;
  isDone: boolean;
  to: Pick<LinkProps, 'to' | 'params'>;
}

/**
 * What makes an installation useful, and what of it is done. Shown in its first days until all is done or it
 * is closed, as it was when the page was opened: nothing moves.
 */
export function FirstSteps({ agents, models }: FirstStepsProps) {
  const [isClosed, close] = useLocalStorage({
    key: 'agenthook.first-steps-closed',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const runs = api.useQuery('get', '/api/tasks', { params: { query: { limit: 1 } } }).data?.tasks;
  const steps = stepsOf(agents, models, (runs?.length ?? 0) > 0);
  const [isNew] = useState(() => {
    const oldest = agents.at(-1);
    const isYoung = oldest === undefined || Date.now() - Date.parse(oldest.created_at) < SHOWN_FOR_MS;
    return isYoung && steps.some(({ isDone }) => !isDone);
  });
  if (!isNew || isClosed) return null;
  return (
    <Paper component="section" aria-label="First steps">
      <Group justify="space-between" mb="xs">
        <Title order={2}>First steps</Title>
        <CloseButton aria-label="Close the first steps" onClick={() => close(true)} />
      </Group>
      <List listStyleType="none" spacing={6} size="sm">
        {steps.map(({ label, hint, isDone, to }) => (
          <List.Item
            key={label}
            icon={
              <ThemeIcon size={20} radius="xl" variant="light" color={isDone ? 'green' : 'gray'}>
                {isDone ? (
                  <IconCheck size={14} aria-label="done" />
                ) : (
                  <IconCircleDashed size={14} aria-label="to do" />
                )}
              </ThemeIcon>
            }
          >
            <Anchor inherit fw={500} underline="always" renderRoot={(props) => <Link {...to} {...props} />}>
              {label}
            </Anchor>
            <Text size="xs" c="dimmed">
              {hint}
            </Text>
          </List.Item>
        ))}
      </List>
    </Paper>
  );
}

function stepsOf(
  agents: readonly Schema<'Agent'>[],
  models: FirstStepsProps['models'],
  hasRun: boolean,
): Step[] {
  const [newest] = agents;
  const ofAgent: Step['to'] = newest
    ? { to: '/agents/$agentId', params: { agentId: newest.id } }
    : { to: '/agents/new' };
  const isProvided = models?.providers.some(
    ({ provider, configured }) => configured && provider !== 'sandbox',
  );
  return [
    {
      label: 'Configure a model provider',
      hint: 'The settings name its variables. Until then, agents run on sandbox:echo, which calls no model.',
      isDone: isProvided ?? false,
      to: { to: '/settings' },
    },
    {
      label: 'Create an agent',
      hint: 'From a template, from YAML, or with a prompt of your own.',
      isDone: newest !== undefined,
      to: { to: '/agents/new' },
    },
    {
      label: 'Generate its webhook',
      hint: 'The secret URL that runs it.',
      isDone: agents.some(({ webhook }) => webhook !== null),
      to: ofAgent,
    },
    {
      label: 'Send the first event',
      hint: 'The agent’s page has a command for it, and shows what arrives.',
      isDone: hasRun,
      to: ofAgent,
    },
    {
      label: 'Set a callback',
      hint: 'Results are posted to it, signed; or poll for them.',
      isDone: agents.some(({ callback }) => callback !== null),
      to: ofAgent,
    },
  ];
}
