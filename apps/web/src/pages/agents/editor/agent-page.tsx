import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { PageSkeleton } from '../../../app/page-skeleton.js';
import { ErrorState } from '../../../components/error-state.js';
import { Page } from '../../../components/page.js';
import { AgentEditor } from './agent-editor.js';
import { DraftProvider } from './draft/use-draft.js';
import { agentQuery } from './draft/use-save.js';

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
  return (
    <Page title="Agent">
      <ErrorState error={error} />
    </Page>
  );
}
