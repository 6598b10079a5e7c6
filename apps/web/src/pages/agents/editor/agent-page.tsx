import { SimpleGrid, Stack } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../../api/client.js';
import { PageSkeleton } from '../../../app/page-skeleton.js';
import { ErrorState } from '../../../components/error-state.js';
import { Page } from '../../../components/page.js';
import { WebhookPanel } from '../webhook/webhook-panel.js';

const route = getRouteApi('/shell/agents/$agentId');

/** An agent: left what it is, right how it is reached and tried. */
export function AgentPage() {
  const { agentId } = route.useParams();
  const { data: agent, error } = api.useQuery('get', '/api/agents/{id}', {
    params: { path: { id: agentId } },
  });
  if (error) return <ErrorState error={error} />;
  if (!agent) return <PageSkeleton />;
  return (
    <Page title={agent.name}>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Stack />
        <WebhookPanel agent={agent} />
      </SimpleGrid>
    </Page>
  );
}
