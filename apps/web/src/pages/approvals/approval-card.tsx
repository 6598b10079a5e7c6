import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Schema } from '../../api/client.js';
import { JsonView } from '../../components/json-view.js';
import { OutsideText } from '../../components/outside-text.js';
import { RelativeTime } from '../../components/times.js';
import { shortId } from '../runs/run-names.js';
import { Decision, TITLES } from './decision.js';

type Approval = Schema<'PendingApproval'> | Schema<'WithheldPending'>;

/** One call that waits, with what to decide about it. */
export function ApprovalCard({ approval }: { approval: Approval }) {
  const { task_id, kind, tool, expires_at, may_decide } = approval;
  const question = 'question' in approval ? approval.question : undefined;
  return (
    <Paper component="section" aria-label={`${TITLES[kind]} ${tool}`}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>
            {TITLES[kind]} {tool}
          </Title>
          <Text size="sm" c="dimmed">
            Expires <RelativeTime at={expires_at} />
          </Text>
        </Group>
        <Text size="sm">
          <Anchor renderRoot={(props) => <Link to="/runs/$taskId" params={{ taskId: task_id }} {...props} />}>
            Run {shortId(task_id)}
          </Anchor>{' '}
          has the trace so far and the payload.
        </Text>
        {question !== undefined && (
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            <OutsideText text={question} />
          </Text>
        )}
        {'arguments' in approval && kind === 'approval' && (
          <JsonView value={approval.arguments} what="the arguments" maxHeight={300} />
        )}
        {may_decide && kind !== 'callback' && <Decision asked={approval} />}
        {!may_decide && (
          <Text size="sm" c="dimmed">
            Only these may decide: {approval.approvers.join(', ')}.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
