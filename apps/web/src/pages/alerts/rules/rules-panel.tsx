import { Badge, Button, Group, Paper, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../api/client.js';
import { useSession } from '../../../app/session.js';
import { askToConfirm } from '../../../components/confirm.js';
import { ErrorState } from '../../../components/error-state.js';
import { Panel } from '../../../components/panel.js';
import { useAgentNames } from '../../../components/use-agent-names.js';
import { READ_MS } from '../read-ms.js';
import { RuleForm } from './rule-form.js';
import { conditionOf, type Rule } from './rule-types.js';

/** The rules, and a form to add or change one. */
export function RulesPanel() {
  const { can } = useSession();
  const { data, error } = api.useQuery('get', '/api/alert-rules', {}, { refetchInterval: READ_MS });
  const [edited, setEdited] = useState<Rule | 'new'>();
  return (
    <Panel
      title="Rules"
      description="A worker looks at each rule every few seconds. An alert is told when it begins and when it ends."
      actions={
        can('admin') && (
          <Button size="xs" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setEdited('new')}>
            New rule
          </Button>
        )
      }
    >
      {error && <ErrorState error={error} />}
      {!data && !error && <Skeleton h={80} />}
      {data?.rules.length === 0 && (
        <Text size="sm" c="dimmed">
          No rule watches anything yet.
        </Text>
      )}
      <Stack gap="xs">
        {data?.rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} onEdit={() => setEdited(rule)} />
        ))}
      </Stack>
      {edited && (
        <RuleForm rule={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
    </Panel>
  );
}

function RuleRow({ rule, onEdit }: { rule: Rule; onEdit: () => void }) {
  const { can } = useSession();
  const names = useAgentNames();
  const queryClient = useQueryClient();
  const after = {
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['get', '/api/alert-rules'] }),
  };
  const change = api.useMutation('patch', '/api/alert-rules/{id}', after);
  const remove = api.useMutation('delete', '/api/alert-rules/{id}', after);
  const params = { path: { id: rule.id } };
  const where = rule.agent_id === null ? 'Installation' : (names?.get(rule.agent_id) ?? rule.agent_id);
  const told = [...rule.channels, ...(rule.callback ? ['callback'] : [])];
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 240px' }}>
          <Group gap="xs">
            <Text size="sm" fw={500} style={{ overflowWrap: 'anywhere' }}>
              <bdi dir="auto">{rule.name}</bdi>
            </Text>
            {rule.open > 0 && <Badge color="red.9">{rule.open} open</Badge>}
          </Group>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {conditionOf(rule)} · <bdi dir="auto">{where}</bdi> · tells{' '}
            {told.length > 0 ? told.join(', ') : 'nobody'}
          </Text>
        </div>
        <Group gap="xs">
          <Switch
            label="On"
            aria-label={`Watch ${rule.name}`}
            checked={rule.enabled}
            disabled={!can('admin') || change.isPending}
            onChange={({ currentTarget }) =>
              change.mutate({ params, body: { enabled: currentTarget.checked } })
            }
          />
          {can('admin') && (
            <>
              <Button size="compact-sm" variant="subtle" onClick={onEdit} aria-label={`Change ${rule.name}`}>
                Change
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                aria-label={`Delete ${rule.name}`}
                onClick={() =>
                  askToConfirm({
                    title: `Delete the rule ${rule.name}?`,
                    body: 'Its open alerts end without being told. The history stays.',
                    confirm: 'Delete',
                    onConfirm: () => remove.mutate({ params }),
                  })
                }
              >
                Delete
              </Button>
            </>
          )}
        </Group>
      </Group>
    </Paper>
  );
}
