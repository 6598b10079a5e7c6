import { Button, Group, List, Modal, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../../api/client.js';
import { useOnce } from '../../../api/use-once.js';
import { ErrorState } from '../../../components/error-state.js';
import { formatNumber } from '../../../components/format.js';
import type { ToolCall, Trace } from './trace.js';

interface ContinueDialogProps {
  trace: Trace;
  opened: boolean;
  onClose: () => void;
  onContinued: (taskId: string) => void;
}

/** Asks how a run goes on, and says what is not repeated. */
export function ContinueDialog({ trace, opened, onClose, onContinued }: ContinueDialogProps) {
  const { getInputProps, onSubmit } = useForm({
    initialValues: { note: '', model: '', steps: '' as number | '' },
  });
  const going = api.useMutation('post', '/api/tasks/{id}/continue', { meta: { quiet: true } });
  const once = useOnce();
  const submit = onSubmit(async ({ note, model, steps }) => {
    const path = { id: trace.task_id };
    const body = {
      ...(note !== '' && { note }),
      ...(model !== '' && { model }),
      ...(steps !== '' && { limits: { max_steps: steps } }),
    };
    const made = await once([path, body], (header) =>
      going.mutateAsync({ params: { path, header }, body }),
    ).catch(() => undefined); // shown below
    if (made) onContinued(made.task_id);
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Continue this run">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <List size="sm">
            <List.Item>{notRepeated(trace)}</List.Item>
            <List.Item>A call whose end is unknown is repeated only if its tool is safe to repeat.</List.Item>
            <List.Item>
              The prompt stays. Tools, model and limits are those of the agent now; limits count from here on.
            </List.Item>
          </List>
          <Textarea
            label="Note to the model"
            placeholder="The shop is reachable again."
            autosize
            minRows={2}
            maxLength={4_000}
            {...getInputProps('note')}
          />
          <TextInput
            label="Another model"
            placeholder="The agent’s"
            maxLength={200}
            {...getInputProps('model')}
          />
          <NumberInput
            label="Turns at most"
            placeholder="The agent’s"
            min={1}
            max={100}
            decimalScale={0}
            {...getInputProps('steps')}
          />
          {going.error && <ErrorState error={going.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={going.isPending}>
              Continue
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function notRepeated({ steps }: Trace): string {
  const calls = steps
    .flatMap<ToolCall>(({ tool_calls }) => tool_calls)
    .filter(({ finished }) => finished).length;
  if (calls === 0) return 'No tool call has finished, so the model begins again.';
  return `${formatNumber(calls)} finished tool ${calls === 1 ? 'call is' : 'calls are'} copied and not made again.`;
}
