import { Alert, Button, Code, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api, type Schema } from '../../../api/client.js';
import { explain } from '../../../api/problem.js';
import { NeedsRole } from '../../../components/needs-role.js';
import type { Agent } from './draft/draft.js';
import { agentQuery } from './draft/use-save.js';

/** Says what of the stored agent cannot be read, and saves what the page shows instead. */
export function ProblemNotice({ agent, problem }: { agent: Agent; problem: Schema<'AgentProblem'> }) {
  const queryClient = useQueryClient();
  const patch = api.useMutation('patch', '/api/agents/{id}', {
    onSuccess: () => queryClient.invalidateQueries({ queryKey: agentQuery(agent.id).queryKey }),
  });
  const title = problem.blocks_runs ? 'This agent is damaged and does not run' : 'This agent is incomplete';
  return (
    <Alert
      color={problem.blocks_runs ? 'red' : 'orange'}
      role="status"
      icon={<IconAlertTriangle aria-hidden />}
      title={title}
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">
          This version of AgentHook cannot read all that is stored, for example after a rollback. These fields
          show defaults. Correct and save them, or save what is shown.
        </Text>
        {problem.errors.length > 0 && (
          <List size="sm">
            {problem.errors.map(({ path, message }) => (
              <List.Item key={path} style={{ overflowWrap: 'anywhere' }}>
                <Code>{path}</Code> {message}
              </List.Item>
            ))}
          </List>
        )}
        {patch.error && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {explain(patch.error).detail}
          </Text>
        )}
        <NeedsRole role="admin">
          <Button
            size="compact-sm"
            variant="default"
            loading={patch.isPending}
            onClick={() =>
              patch.mutate({ params: { path: { id: agent.id } }, body: shownFields(agent, problem) })
            }
          >
            Save what is shown
          </Button>
        </NeedsRole>
      </Stack>
    </Alert>
  );
}

/** The fields at fault with the values that the page shows. A callback's secret is never shown. */
function shownFields(agent: Agent, { errors }: Schema<'AgentProblem'>): Schema<'AgentPatch'> {
  const names = new Set(['name', ...errors.map(({ path }) => path.split('/')[1] ?? '')]);
  const shown = Object.entries(agent).filter(([name]) => names.has(name) && name !== 'callback');
  return Object.fromEntries(names.has('callback') ? [...shown, ['callback', null]] : shown);
}
