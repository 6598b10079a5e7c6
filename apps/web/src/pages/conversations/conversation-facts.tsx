import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { FactGrid } from '../../components/fact-grid.js';
import { formatNumber, NO_VALUE } from '../../components/format.js';
import { RelativeTime } from '../../components/times.js';
import { useAgentNames } from '../../components/use-agent-names.js';

/** The facts of a conversation at a glance. */
export function ConversationFacts({ conversation }: { conversation: Schema<'ConversationDetail'> }) {
  const agents = useAgentNames();
  const { agent_id, events, open_tasks, created_at, updated_at, expires_at, is_test } = conversation;
  return (
    <FactGrid
      facts={{
        Agent: (
          <Anchor
            inherit
            underline="always"
            renderRoot={(props) => <Link to="/agents/$agentId" params={{ agentId: agent_id }} {...props} />}
          >
            {agents ? (agents.get(agent_id) ?? agent_id) : NO_VALUE}
          </Anchor>
        ),
        Events: formatNumber(events),
        'Open runs': formatNumber(open_tasks),
        Began: <RelativeTime at={created_at} />,
        'Last event': <RelativeTime at={updated_at} />,
        Expires: expires_at === null ? 'After its open runs' : <RelativeTime at={expires_at} />,
        'Test events': is_test && 'only',
      }}
    />
  );
}
