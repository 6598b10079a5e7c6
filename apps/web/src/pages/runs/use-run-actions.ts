import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { useOnce } from '../../api/use-once.js';
import { askToConfirm } from '../../components/confirm.js';
import { shortId } from './run-names.js';

interface RunEvents {
  onReplayed?: (taskId: string) => void;
  /** Called once the run is erased. */
  onErased?: () => void;
}

export type ReplayVersion = 'current' | 'original';

/** The actions on a run. `onReplayed` receives the id of the new run. */
export function useRunActions({ onReplayed, onErased }: RunEvents = {}) {
  const queryClient = useQueryClient();
  const once = useOnce();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['run-list'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks/{id}'] }),
    ]);
  const cancelling = api.useMutation('post', '/api/tasks/{id}/cancel', { onSettled: refresh });
  const replaying = api.useMutation('post', '/api/tasks/{id}/replay', { onSettled: refresh });

  const erasing = api.useMutation('delete', '/api/tasks/{id}', {
    onSuccess: (_answer, { params }) => {
      onErased?.();
      queryClient.removeQueries({ queryKey: ['get', '/api/tasks/{id}', { params }] });
      void queryClient.invalidateQueries({ queryKey: ['run-list'] });
    },
  });

  const erase = (id: string) =>
    askToConfirm({
      title: `Erase run ${shortId(id)}?`,
      body:
        'Its payload, result, trace and callback delivery are deleted permanently, and its idempotency ' +
        'key is forgotten. Counts stay.',
      confirm: 'Erase the run',
      onConfirm: () => erasing.mutate({ params: { path: { id } } }),
    });
  const cancel = (id: string) =>
    askToConfirm({
      title: `Cancel run ${shortId(id)}?`,
      body:
        'It ends as FAILURE, keeps what it has, and is not retried. Tool calls already made are not ' +
        'undone.',
      confirm: 'Cancel the run',
      keep: 'Let it run',
      onConfirm: () => cancelling.mutate({ params: { path: { id } } }),
    });
  /** @param from_step the first step that is taken again; undefined: all are */
  const replay = async (id: string, version: ReplayVersion, from_step?: number) => {
    const body = { version, ...(from_step !== undefined && { from_step }) };
    const made = await once([id, body], (header) =>
      replaying.mutateAsync({ params: { path: { id }, header }, body }),
    ).catch(() => undefined); // shown by the client
    if (!made) return;
    notifications.show({
      color: 'green',
      title: 'Replayed',
      message: `Run ${shortId(made.task_id)} has the same payload.`,
    });
    onReplayed?.(made.task_id);
  };
  return { cancel, erase, replay, isBusy: cancelling.isPending || replaying.isPending };
}
