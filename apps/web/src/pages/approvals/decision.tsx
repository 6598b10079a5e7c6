import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { ErrorState } from '../../components/error-state.js';

/** What a card about each kind is called, before the tool's name. */
export const TITLES = {
  approval: 'Approve a call of',
  question: 'A question from',
  callback: 'Waits for a callback to',
};

/** JSON, or the text itself. */
function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

interface Asked {
  task_id: string;
  call_id: string;
  kind: keyof typeof TITLES;
  arguments?: unknown;
}

/** The buttons that decide about a call, and the fields that they need. */
export function Decision({ asked }: { asked: Asked }) {
  const { task_id, call_id, kind, arguments: given } = asked;
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
