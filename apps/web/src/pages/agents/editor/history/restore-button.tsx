import { Alert, Button, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconRestore } from '@tabler/icons-react';
import { api } from '../../../../api/client.js';
import { explain } from '../../../../api/problem.js';
import { askToConfirm } from '../../../../components/confirm.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { differingFields } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { useShowSaved } from '../draft/use-save.js';
import type { Version } from './versions.js';

/**
 * Saves an older version's configuration as a new version. Secrets, signature, callback and status stay
 * unchanged.
 */
export function RestoreButton({ version, onRestored }: { version: Version; onRestored: () => void }) {
  const { draft, dispatch, isDirty } = useDraft();
  const showSaved = useShowSaved();
  const latest = draft.newer ?? draft.base;
  const fields = differingFields(latest, version);
  const restore = api.useMutation('patch', '/api/agents/{id}', {
    meta: { quiet: true },
    onSuccess: (agent) => {
      dispatch({ do: 'start_over', agent });
      showSaved(agent);
      notifications.show({
        color: 'green',
        title: `Restored version ${version.version}`,
        message: `It is saved as v${agent.version}.`,
      });
      onRestored();
    },
  });
  if (version.version === latest.version) return null;

  const ask = () =>
    askToConfirm({
      title: `Restore version ${version.version}?`,
      body:
        `Its configuration becomes version ${latest.version + 1}; nothing is lost. Secrets, signature, ` +
        'callback and status stay ' +
        `unchanged.${isDirty ? ' Your unsaved changes will be discarded.' : ''}`,
      confirm: 'Restore',
      onConfirm: () =>
        restore.mutate({
          params: { path: { id: latest.id }, header: { 'if-match': `"${latest.version}"` } },
          body: Object.fromEntries(fields.map((field) => [field, version[field]])),
        }),
    });
  return (
    <Stack gap="xs" align="flex-end">
      <NeedsRole role="admin">
        <Button
          leftSection={<IconRestore size={16} aria-hidden />}
          disabled={fields.length === 0}
          loading={restore.isPending}
          onClick={ask}
        >
          Restore v{version.version}
        </Button>
      </NeedsRole>
      {restore.error && (
        <Alert color="red" role="alert" title="Not restored">
          {explain(restore.error).detail}
        </Alert>
      )}
    </Stack>
  );
}
