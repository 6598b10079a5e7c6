import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import { explain } from '../../../api/problem.js';
import { askToConfirm } from '../../../components/confirm.js';
import { agentQuery } from '../editor/draft/use-save.js';
import type { ListedAgent } from './agent-rows.js';

/** The actions on an agent in the list. */
export function useAgentActions() {
  const queryClient = useQueryClient();
  const onSettled = () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['get', '/api/agents'] }),
      queryClient.invalidateQueries({ queryKey: ['get', '/api/agents/{id}'] }),
    ]);
  const patch = api.useMutation('patch', '/api/agents/{id}', { onSettled });
  const setStatus = ({ id }: ListedAgent, status: ListedAgent['status']) =>
    patch.mutate({ params: { path: { id } }, body: { status } });

  return {
    enable: (agent: ListedAgent) => setStatus(agent, 'active'),
    disable: (agent: ListedAgent) =>
      askToConfirm({
        title: `Disable ${agent.name}?`,
        body: 'Its senders get 403 from now on, until you enable it again. The URL stays the same.',
        confirm: 'Disable',
        onConfirm: () => setStatus(agent, 'disabled'),
      }),
    exportYaml: async (agent: ListedAgent) => {
      try {
        const { fileNameOf, toYaml } = await import('../new/agent-yaml.js');
        const whole = await queryClient.fetchQuery(agentQuery(agent.id));
        saveFile(fileNameOf(agent.name), toYaml(whole), 'application/yaml');
      } catch (error) {
        const { title, detail } = explain(error);
        notifications.show({ color: 'red', title, message: detail });
      }
    },
  };
}

/** Downloads a text as a file. */
function saveFile(name: string, text: string, type: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
