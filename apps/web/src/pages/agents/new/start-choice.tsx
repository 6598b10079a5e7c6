import { Group, Paper, SimpleGrid, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import {
  IconAddressBook,
  IconBrandGithub,
  IconFileImport,
  IconHeadset,
  IconShieldCheck,
  IconSparkles,
  IconSquarePlus,
  type Icon as TablerIcon,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Start } from './start.js';
import classes from './start-choice.module.css';
import { TEMPLATES, type TemplateId } from './templates.js';

const ICONS: Record<TemplateId, TablerIcon> = {
  'ticket-triage': IconHeadset,
  'form-to-crm': IconAddressBook,
  'github-issue-labeller': IconBrandGithub,
  'incident-summary': IconSparkles,
  'content-moderation': IconShieldCheck,
};

/** The choices for a new agent. */
export function StartChoice() {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Choice Icon={IconSquarePlus} title="Empty agent" search={{ start: 'empty' }}>
          Only a name and a model. Add the prompt and the rest on its page.
        </Choice>
        <Choice Icon={IconFileImport} title="Import YAML" search={{ start: 'yaml' }}>
          An agent exported here or elsewhere, from a file or pasted.
        </Choice>
      </SimpleGrid>
      <Stack gap="sm">
        <Title order={2}>Templates</Title>
        <SimpleGrid cols={{ base: 1, sm: 2, xl: 3 }}>
          {TEMPLATES.map(({ id, summary, agent }) => (
            <Choice key={id} Icon={ICONS[id]} title={agent.name} search={{ start: 'template', of: id }}>
              {summary}
            </Choice>
          ))}
        </SimpleGrid>
      </Stack>
    </Stack>
  );
}

interface ChoiceProps {
  Icon: TablerIcon;
  title: string;
  search: { start: Start; of?: string };
  children: ReactNode;
}

function Choice({ Icon, title, search, children }: ChoiceProps) {
  return (
    <Paper className={classes.card}>
      <Group wrap="nowrap" align="flex-start">
        <ThemeIcon variant="light" size={36}>
          <Icon size={20} stroke={1.75} aria-hidden />
        </ThemeIcon>
        <div>
          <Text fw={600} component="h3" fz="sm" m={0}>
            <Link to="/agents/new" search={search} className={classes.link}>
              {title}
            </Link>
          </Text>
          <Text size="sm" c="dimmed">
            {children}
          </Text>
        </div>
      </Group>
    </Paper>
  );
}
