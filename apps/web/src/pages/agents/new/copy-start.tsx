import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { PageSkeleton } from '../../../app/page-skeleton.js';
import { ErrorState } from '../../../components/error-state.js';
import { agentQuery } from '../editor/draft/use-save.js';
import { withoutSecrets } from './agent-config.js';
import { CreateForm } from './create-form.js';

const MAX_NAME = 200;

/** A copy of an agent: its configuration, without its secrets, webhook and history. */
export function CopyStart({ agentId }: { agentId: string }) {
  const { data: agent, error } = useQuery(agentQuery(agentId));
  const config = useMemo(
    () => agent && { ...withoutSecrets(agent), name: `Copy of ${agent.name}`.slice(0, MAX_NAME) },
    [agent],
  );
  if (error) return <ErrorState error={error} />;
  if (!config) return <PageSkeleton />;
  return <CreateForm key={agentId} config={config} />;
}
