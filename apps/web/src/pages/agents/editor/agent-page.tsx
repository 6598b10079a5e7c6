import { Button } from '@mantine/core';
import { IconRobotOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useCallback } from 'react';
import { PageSkeleton } from '../../../app/page-skeleton.js';
import { EmptyState } from '../../../components/empty-state.js';
import { ErrorState } from '../../../components/error-state.js';
import { Page } from '../../../components/page.js';
import { AgentEditor } from './agent-editor.js';
import { DraftProvider } from './draft/use-draft.js';
import { agentQuery, isUnknownAgent } from './draft/use-save.js';

const route = getRouteApi('/shell/agents/$agentId');

/** An agent's page: its configuration on the left, its webhook and tests on the right. */
export function AgentPage() {
  const { agentId } = route.useParams();
  const { payload_from, make } = route.useSearch();
  const navigate = route.useNavigate();
  // A reload must not make it again.
  const onMade = useCallback(
    () =>
      void navigate({
        search: ({ payload_from: from }) => (from ? { payload_from: from } : {}),
        replace: true,
      }),
    [navigate],
  );
  const { data: agent, error } = useQuery(agentQuery(agentId));
  if (agent) {
    return (
      <DraftProvider key={agent.id} agent={agent}>
        <AgentEditor agent={agent} payloadFrom={payload_from} wanted={make} onMade={onMade} />
      </DraftProvider>
    );
  }
  if (!error) return <PageSkeleton />;
  return <Page title="Agent">{isUnknownAgent(error) ? <NoAgent /> : <ErrorState error={error} />}</Page>;
}

function NoAgent() {
  return (
    <EmptyState
      Icon={IconRobotOff}
      title="Agent not found"
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/agents" {...props} />}>
          Go to the agents
        </Button>
      }
    >
      It may have been deleted, belong to another installation, or have a mistyped id.
    </EmptyState>
  );
}
