import { Anchor, Group, Text, Title } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useSession } from '../../../app/session.js';
import { EmptyState } from '../../../components/empty-state.js';
import { Page } from '../../../components/page.js';
import { CopyStart } from './copy-start.js';
import { CreateForm } from './create-form.js';
import { StartChoice } from './start-choice.js';
import { TemplateStart } from './template-start.js';
import { YamlStart } from './yaml-start.js';

const route = getRouteApi('/shell/agents/new');
const EMPTY = { name: '' };

/** Creates an agent in two steps: choose a start, then enter name, model and secrets. */
export function NewAgentPage() {
  const { why } = useSession();
  const refused = why('admin');
  return (
    <Page title="New agent" heading={<Heading />}>
      {refused ? (
        <EmptyState Icon={IconLock} title="Only an admin can create agents">
          {refused}
        </EmptyState>
      ) : (
        <Begin />
      )}
    </Page>
  );
}

function Begin() {
  const { start, of } = route.useSearch();
  switch (start) {
    case 'empty':
      return <CreateForm config={EMPTY} />;
    case 'template':
      return <TemplateStart id={of} />;
    case 'copy':
      return <CopyStart agentId={of ?? ''} />;
    case 'yaml':
      return <YamlStart />;
    case undefined:
      return <StartChoice />;
  }
}

function Heading() {
  return (
    <Group gap={4}>
      <Anchor renderRoot={(props) => <Link to="/agents" {...props} />} size="sm" c="dimmed">
        Agents
      </Anchor>
      <Text span c="dimmed" aria-hidden>
        /
      </Text>
      <Title order={1}>New agent</Title>
    </Group>
  );
}
