import { Button, Text } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconDeviceFloppy } from '@tabler/icons-react';
import { askToConfirm } from '../../../components/confirm.js';
import { NeedsRole } from '../../../components/needs-role.js';
import { useDraft } from './draft/use-draft.js';
import type { useSave } from './draft/use-save.js';

/** The buttons that save or discard the draft. */
export function SaveActions({ saving }: { saving: ReturnType<typeof useSave> }) {
  const { draft, dispatch, isDirty, readOnly } = useDraft();
  const discard = () =>
    askToConfirm({
      title: 'Discard your changes?',
      body: `The page returns to the saved version ${(draft.newer ?? draft.base).version}.`,
      confirm: 'Discard',
      onConfirm: () => {
        saving.forget();
        dispatch({ do: 'start_over', agent: draft.newer ?? draft.base });
      },
    });
  useHotkeys([['mod+S', () => isDirty && !readOnly && !saving.isSaving && void saving.save()]], [], true);
  return (
    <>
      <Text size="sm" c="dimmed" role="status" miw={118} ta="right" visibleFrom="lg">
        {isDirty ? 'Unsaved changes' : ''}
      </Text>
      <Button variant="default" disabled={!isDirty} onClick={discard}>
        Discard
      </Button>
      <NeedsRole role="admin">
        <Button
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          disabled={!isDirty && !readOnly}
          loading={saving.isSaving}
          onClick={() => void saving.save()}
        >
          Save as v{(draft.newer ?? draft.base).version + 1}
        </Button>
      </NeedsRole>
    </>
  );
}
