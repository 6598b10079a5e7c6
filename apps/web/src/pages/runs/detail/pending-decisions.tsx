import { Paper, Stack, Text, Title } from '@mantine/core';
import { JsonView } from '../../../components/json-view.js';
import { OutsideText } from '../../../components/outside-text.js';
import { RelativeTime } from '../../../components/times.js';
import { Decision, TITLES } from '../../approvals/decision.js';
import type { ToolCall, Trace } from './trace.js';

/** What the run waits for, with the buttons to decide about it. */
export function PendingDecisions({ trace }: { trace: Trace }) {
  if (trace.finished_at !== null) return null;
  const waiting = trace.steps
    .flatMap<ToolCall>(({ tool_calls }) => tool_calls)
    .filter(({ approval }) => approval?.decision === null);
  return waiting.map((call) => <Pending key={call.approval?.call_id} call={call} taskId={trace.task_id} />);
}

function Pending({ call: { name, approval, ...call }, taskId }: { call: ToolCall; taskId: string }) {
  if (!approval) return null;
  const { call_id, kind, expires_at } = approval;
  const given = 'asked_arguments' in approval ? approval.asked_arguments : undefined;
  const question = 'question' in approval ? approval.question : undefined;
  const title = `${TITLES[kind]} ${name}`;
  return (
    <Paper component="section" aria-label={title}>
      <Stack gap="sm">
        <Title order={2}>{title}</Title>
        <Text size="sm" c="dimmed">
          Expires <RelativeTime at={expires_at} />
        </Text>
        {question !== undefined && (
          <Text style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            <OutsideText text={question} />
          </Text>
        )}
        {'arguments' in call && kind === 'approval' && (
          <JsonView value={given} what="the arguments" maxHeight={300} />
        )}
        {kind !== 'callback' && (
          <Decision
            asked={{ task_id: taskId, call_id, kind, ...(given !== undefined && { arguments: given }) }}
          />
        )}
      </Stack>
    </Paper>
  );
}
