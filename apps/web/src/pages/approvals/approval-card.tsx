import { Anchor, Button, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, type Schema } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';
import { JsonView } from '../../components/json-view.js';
import { OutsideText } from '../../components/outside-text.js';
import { RelativeTime } from '../../components/times.js';
import { shortId } from '../runs/run-names.js';

type Approval = Schema<'PendingApproval'> | Schema<'WithheldPending'>;

const TITLES = {
  approval: 'Approve a call of',
  question: 'A question from',
  callback: 'Waits for a callback to',
};

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
        {may_decide && kind !== 'callback' && <Decision approval={approval} />}
        {!may_decide && (
          <Text size="sm" c="dimmed">
            Only these may decide: {approval.approvers.join(', ')}.
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

/** JSON, or the text itself. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function Decision({ approval }: { approval: Approval }) {
  const { task_id, call_id, kind } = approval;
  const given = 'arguments' in approval ? approval.arguments : undefined;
  const queryClient = useQueryClient();
  const [text, setText] = useState('');
  const [edited, setEdited] = useState<string>();
  const decide = api.useMutation('post', '/api/tasks/{id}/approvals/{call_id}', {
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/approvals'] });
      void queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks/{id}'] });
    },
  });
  const send = (body: Parameters<typeof decide.mutate>[0]['body']) =>
    decide.mutate({ params: { path: { id: task_id, call_id } }, body });
  const deny = () => send({ decision: 'deny', ...(text !== '' && { reason: text }) });
  const isQuestion = kind === 'question';
  return (
    <Stack gap="sm">
      {edited !== undefined && (
        <Textarea
          label="Arguments, as JSON"
          autosize
          minRows={4}
          value={edited}
          onChange={({ currentTarget }) => setEdited(currentTarget.value)}
        />
      )}
      <Textarea
        label={isQuestion ? 'Answer, or why there is none' : 'Reason'}
        description={
          isQuestion ? 'A text, or JSON if the tool has a schema.' : 'The model is told it if you deny.'
        }
        autosize
        minRows={1}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
      />
      <Group gap="xs">
        {isQuestion && (
          <Button
            loading={decide.isPending}
            onClick={() => send({ decision: 'answer', answer: jsonOrText(text) })}
          >
            Answer
          </Button>
        )}
        {!isQuestion && edited === undefined && (
          <Button loading={decide.isPending} onClick={() => send({ decision: 'approve' })}>
            Approve
          </Button>
        )}
        {!isQuestion && edited !== undefined && (
          <Button
            loading={decide.isPending}
            onClick={() =>
              send({ decision: 'edit', arguments: jsonOrText(edited) as Record<string, unknown> })
            }
          >
            Approve with these arguments
          </Button>
        )}
        <Button variant="light" color="red" loading={decide.isPending} onClick={deny}>
          {isQuestion ? 'Do not answer' : 'Deny'}
        </Button>
        {!isQuestion && edited === undefined && given !== undefined && (
          <Button variant="subtle" onClick={() => setEdited(JSON.stringify(given, null, 2))}>
            Edit
          </Button>
        )}
      </Group>
      {decide.error && <ErrorState error={decide.error} />}
    </Stack>
  );
}
