import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client.js';
import { askToConfirm } from '../../components/confirm.js';
import { shortId } from './run-names.js';

export type ReplayVersion = 'current' | 'original';

/** What can be done to a run; `onReplayed` gets the id of the new one. */
export function useRunActions({ onReplayed }: { onReplayed?: (taskId: string) => void } = {}) {
  const queryClient = useQueryClient();
  const refresh = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['run-list'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/tasks/{id}'] }),
    ]);
  const cancelling = api.useMutation('post', '/api/tasks/{id}/cancel', { onSettled: refresh });
  const replaying = api.useMutation('post', '/api/tasks/{id}/replay', { onSettled: refresh });

  const cancel = (id: string) =>
    askToConfirm({
      title: `Cancel run ${shortId(id)}?`,
      body: 'It ends as FAILURE with what it had come to, and is not tried again. Tool calls that were made stay made.',
      confirm: 'Cancel the run',
      onConfirm: () => cancelling.mutate({ params: { path: { id } } }),
    });
  const replay = (id: string, version: ReplayVersion) =>
    replaying.mutate(
      { params: { path: { id } }, body: { version } },
      {
        onSuccess: ({ task_id }) => {
          notifications.show({
            color: 'green',
            title: 'Replayed',
            message: `Run ${shortId(task_id)} has the same payload.`,
          });
          onReplayed?.(task_id);
        },
      },
    );
  return { cancel, replay, isBusy: cancelling.isPending || replaying.isPending };
}
