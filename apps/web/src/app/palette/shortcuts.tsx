import { Group, Kbd, Modal, Stack, Table, Text } from '@mantine/core';
import { Fragment } from 'react';
import { useReturnFocus } from '../../components/use-return-focus.js';

const KEYS: [keys: string[], what: string][] = [
  [['Ctrl', 'K'], 'Go to a page, an agent or a run (⌘ K on a Mac)'],
  [['/'], 'Search'],
  [['?'], 'These shortcuts'],
  [['J'], 'Next run, in the list and on a run’s page'],
  [['K'], 'Previous run'],
  [['Enter'], 'Open the run that has the focus'],
  [['Esc'], 'Back to the list, or clear the selection'],
];

/** Every shortcut of the Studio. */
export default function Shortcuts({ onClose }: { onClose: () => void }) {
  useReturnFocus();
  return (
    <Modal opened centered title="Keyboard shortcuts" onClose={onClose}>
      <Stack>
        <Table>
          <Table.Tbody>
            {KEYS.map(([keys, what]) => (
              <Table.Tr key={what}>
                <Table.Td w={110}>
                  <Group gap={4} wrap="nowrap">
                    {keys.map((key) => (
                      <Fragment key={key}>
                        <Kbd>{key}</Kbd>
                      </Fragment>
                    ))}
                  </Group>
                </Table.Td>
                <Table.Td>{what}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        <Text size="xs" c="dimmed">
          They do nothing while you type.
        </Text>
      </Stack>
    </Modal>
  );
}
