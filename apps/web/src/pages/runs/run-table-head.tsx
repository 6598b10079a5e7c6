import { Checkbox, Table, VisuallyHidden } from '@mantine/core';

interface RunTableHeadProps {
  isAll: boolean;
  isSome: boolean;
  onToggleAll: () => void;
}

/** Names and widths of the columns; which of them there are depends on the room. */
export function RunTableHead({ isAll, isSome, onToggleAll }: RunTableHeadProps) {
  return (
    <Table.Thead>
      <Table.Tr aria-rowindex={1}>
        <Table.Th w={44}>
          <Checkbox
            size="xs"
            aria-label="Select all that are loaded"
            checked={isAll}
            indeterminate={isSome && !isAll}
            onChange={onToggleAll}
          />
        </Table.Th>
        <Table.Th w={200} visibleFrom="md">
          Status
        </Table.Th>
        <Table.Th>Agent</Table.Th>
        <Table.Th w={120} visibleFrom="xl">
          Trigger
        </Table.Th>
        <Table.Th w={140} visibleFrom="md">
          Started
        </Table.Th>
        <Table.Th w={100} ta="right" visibleFrom="md">
          Duration
        </Table.Th>
        <Table.Th w={84} ta="right" visibleFrom="lg">
          Attempt
        </Table.Th>
        <Table.Th w={84} ta="right" visibleFrom="lg">
          Tokens
        </Table.Th>
        <Table.Th w={90} ta="right" visibleFrom="xl">
          Cost
        </Table.Th>
        <Table.Th w={52}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}
