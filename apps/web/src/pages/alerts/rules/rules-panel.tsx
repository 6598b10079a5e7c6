import { Badge, Switch } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.js';
import { useSession } from '../../../app/session.js';
import { useAgentNames } from '../../../components/use-agent-names.js';
import { EditedList, EditedRow } from '../edited-list.js';
import { READ_MS } from '../read-ms.js';
import { RuleForm } from './rule-form.js';
import { conditionOf, type Rule } from './rule-types.js';

/** The rules, and a form to add or change one. */
export function RulesPanel() {
  const { data, error } = api.useQuery('get', '/api/alert-rules', {}, { refetchInterval: READ_MS });
  return (
    <EditedList
      title="Rules"
      description="A worker looks at each rule every few seconds. An alert is told when it begins and when it ends."
      what="rule"
      none="No rule watches anything yet."
      items={data?.rules}
      error={error}
      row={(rule, onEdit) => <RuleRow key={rule.id} rule={rule} onEdit={onEdit} />}
      form={(rule, onClose) => <RuleForm rule={rule} onClose={onClose} />}
    />
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
    <EditedRow
      name={rule.name}
      badge={rule.open > 0 && <Badge color="red.9">{rule.open} open</Badge>}
      about={
        <>
          {conditionOf(rule)} · <bdi dir="auto">{where}</bdi> · tells{' '}
          {told.length > 0 ? told.join(', ') : 'nobody'}
        </>
      }
      onEdit={onEdit}
      deletion={{
        title: `Delete the rule ${rule.name}?`,
        body: 'Its open alerts end without being told. The history stays.',
        onConfirm: () => remove.mutate({ params }),
      }}
      actions={
        <Switch
          label="On"
          aria-label={`Watch ${rule.name}`}
          checked={rule.enabled}
          disabled={!can('admin') || change.isPending}
          onChange={({ currentTarget }) =>
            change.mutate({ params, body: { enabled: currentTarget.checked } })
          }
        />
      }
    />
  );
}
