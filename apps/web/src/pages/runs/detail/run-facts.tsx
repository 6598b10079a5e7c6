import { Anchor, Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { FactGrid } from '../../../components/fact-grid.js';
import { formatCost, formatNumber, NO_VALUE } from '../../../components/format.js';
import { Elapsed, RelativeTime } from '../../../components/times.js';
import { useAgentNames } from '../../../components/use-agent-names.js';
import { TRIGGERS } from '../run-names.js';
import { RunLink } from './run-link.js';
import { type Trace, usageOf } from './trace.js';

/** How many of the latest replays are listed. */
const REPLAYS = 3;
/** How much of a conversation's id is shown, in characters. */
const SHOWN_ID = 12;

/** The facts of a run at a glance. */
export function RunFacts({ trace }: { trace: Trace }) {
  const agents = useAgentNames();
  const { tokens, cost } = usageOf(trace);
  const { agent_id, idempotency_key, replay_of, replays } = trace;
  return (
    <FactGrid
      long={['Agent']}
      facts={{
        Agent: (
          <Anchor
            inherit
            underline="always"
            renderRoot={(props) => <Link to="/agents/$agentId" params={{ agentId: agent_id }} {...props} />}
          >
            <bdi dir="auto">{agents ? (agents.get(agent_id) ?? agent_id) : NO_VALUE}</bdi>
          </Anchor>
        ),
        // Beside the name, it would move when the name arrives.
        Version: trace.draft ? `draft of v${trace.agent_version}` : `v${trace.agent_version}`,
        Trigger: (
          <>
            {TRIGGERS[trace.trigger]}
            {replay_of && ' of '}
            {replay_of && <RunLink taskId={replay_of} />}
            {trace.from_step !== undefined && `, from step ${trace.from_step}`}
            {trace.continued_from && ' from '}
            {trace.continued_from && <RunLink taskId={trace.continued_from} />}
            {trace.schedule && `: ${trace.schedule.id}`}
            {trace.parent && ' in '}
            {trace.parent && <RunLink taskId={trace.parent.task_id} />}
            {trace.relayed_from && ' '}
            {trace.relayed_from && <RunLink taskId={trace.relayed_from.task_id} />}
          </>
        ),
        Attempt: `${trace.attempt} / ${trace.max_attempts}`,
        Triggered: <RelativeTime at={trace.created_at} />,
        Duration: <Elapsed from={trace.started_at} to={trace.finished_at} />,
        Tokens: formatNumber(tokens),
        Cost: formatCost(cost),
        'Idempotency key': idempotency_key && (
          <Text span inherit ff="monospace" maw={260} truncate display="block" title={idempotency_key}>
            {idempotency_key}
          </Text>
        ),
        'Continued as': trace.continued_by.length > 0 && (
          <Group gap={8} component="span">
            {trace.continued_by.slice(-REPLAYS).map((id) => (
              <RunLink key={id} taskId={id} />
            ))}
          </Group>
        ),
        Conversation: trace.conversation_id && (
          <Anchor
            inherit
            ff="monospace"
            renderRoot={(props) => (
              <Link
                to="/conversations/$conversationId"
                params={{ conversationId: trace.conversation_id ?? '' }}
                {...props}
              />
            )}
          >
            {trace.conversation_id.slice(0, SHOWN_ID)}
          </Anchor>
        ),
        'Kept in': trace.archived && 'the archive',
        Events: trace.events && formatNumber(trace.events.length),
        'Replayed as': replays.length > 0 && (
          <Group gap={8} component="span">
            {replays.slice(-REPLAYS).map((id) => (
              <RunLink key={id} taskId={id} />
            ))}
          </Group>
        ),
      }}
    />
  );
}
