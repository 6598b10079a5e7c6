import { Badge, Button, Group, Modal, SimpleGrid, Stack, Text } from '@mantine/core';
import { RelativeTime } from '../../../components/times.js';
import { useReturnFocus } from '../../../components/use-return-focus.js';
import { type Agent, conflictsWith, differingFields, type Field, valuesOf } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';
import { nameOfField } from './field-names.js';
import { FieldDiff } from './history/field-diff.js';

interface ConflictDialogProps {
  newer: Agent;
  onClose: () => void;
  onSaveOnTop: () => void;
}

/**
 * Shown when another version was saved first: who saved it, what it changed, what the user changed, and the
 * choices.
 */
export default function ConflictDialog({ newer, onClose, onSaveOnTop }: ConflictDialogProps) {
  useReturnFocus();
  const { draft, dispatch } = useDraft();
  const { base, edits } = draft;
  const theirs = differingFields(base, newer);
  const mine = Object.keys(edits) as Field[];
  const both = conflictsWith(draft, newer);
  const who = newer.saved_by ?? 'someone else';
  return (
    <Modal opened onClose={onClose} size="70rem" title={`Version ${newer.version} was saved first`}>
      <Stack>
        <Text size="sm">
          {who} saved version {newer.version} <RelativeTime at={newer.updated_at} />, while you were editing
          version {base.version}. Your changes are neither lost nor saved.{' '}
          {both.length === 0
            ? 'You changed different things, so saving yours on top keeps both.'
            : `You both changed: ${both.map(nameOfField).join(', ')}. Saving yours on top keeps your ` +
              'text there and theirs everywhere else.'}
        </Text>
        <SimpleGrid cols={{ base: 1, md: 2 }}>
          <Side title={`Theirs: version ${newer.version}`} empty="Nothing that this page edits.">
            {theirs.map((field) => (
              <FieldDiff key={field} field={field} before={base[field]} after={newer[field]} />
            ))}
          </Side>
          <Side title="Yours: not saved" empty="Nothing.">
            {mine.map((field) => (
              <FieldDiff
                key={field}
                field={field}
                before={base[field]}
                after={valuesOf(draft)[field]}
                {...(both.includes(field) ? { note: 'changed by both' } : {})}
              />
            ))}
          </Side>
        </SimpleGrid>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep editing
          </Button>
          <Button
            variant="light"
            color="red"
            onClick={() => {
              dispatch({ do: 'start_over', agent: newer });
              onClose();
            }}
          >
            Discard mine, use theirs
          </Button>
          <Button onClick={onSaveOnTop}>Save mine on top</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Side({ title, empty, children }: { title: string; empty: string; children: React.ReactNode[] }) {
  return (
    <Stack gap="sm">
      <Badge variant="light" color="gray" tt="none" radius="sm">
        {title}
      </Badge>
      {children.length === 0 ? (
        <Text size="sm" c="dimmed">
          {empty}
        </Text>
      ) : (
        children
      )}
    </Stack>
  );
}
