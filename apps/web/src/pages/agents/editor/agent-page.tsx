import { Button } from '@mantine/core';
import { IconRobotOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { PageSkeleton } from '../../../app/page-skeleton.js';
import { EmptyState } from '../../../components/empty-state.js';
import { ErrorState } from '../../../components/error-state.js';
import { Page } from '../../../components/page.js';
import { AgentEditor } from './agent-editor.js';
import { DraftProvider } from './draft/use-draft.js';
import { agentQuery, isUnknownAgent } from './draft/use-save.js';

const route = getRouteApi('/shell/agents/$agentId');

/** An agent: left what it is, right how it is reached and tried. */
export function AgentPage() {
  const { agentId } = route.useParams();
  const { payload_from } = route.useSearch();
  const { data: agent, error } = useQuery(agentQuery(agentId));
  if (agent) {
    return (
      <DraftProvider key={agent.id} agent={agent}>
        <AgentEditor agent={agent} payloadFrom={payload_from} />
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
      title="There is no such agent"
      action={
        <Button variant="default" renderRoot={(props) => <Link to="/agents" {...props} />}>
          To the agents
        </Button>
      }
    >
      It may have been deleted, belong to another installation, or its id is mistyped.
    </EmptyState>
  );
}
