import { Checkbox, Table, VisuallyHidden } from '@mantine/core';
import { COLUMNS, type ColumnId, cellProps, widthOf } from './columns.js';

interface RunTableHeadProps {
  columns: readonly ColumnId[];
  isAll: boolean;
  isSome: boolean;
  onToggleAll: () => void;
}

/** Names and widths of the columns. The available width decides which are shown. */
export function RunTableHead({ columns, isAll, isSome, onToggleAll }: RunTableHeadProps) {
  return (
    <Table.Thead>
      <Table.Tr aria-rowindex={1}>
        <Table.Th w={44}>
          <Checkbox
            size="xs"
            aria-label="Select all loaded runs"
            checked={isAll}
            indeterminate={isSome && !isAll}
            onChange={onToggleAll}
          />
        </Table.Th>
        {columns.includes('status') && <Head id="status" />}
        <Table.Th>Agent</Table.Th>
        {columns
          .filter((id) => id !== 'status')
          .map((id) => (
            <Head key={id} id={id} />
          ))}
        <Table.Th w={52}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </Table.Th>
      </Table.Tr>
    </Table.Thead>
  );
}

function Head({ id }: { id: ColumnId }) {
  return (
    <Table.Th w={widthOf(id)} {...cellProps(id)}>
      {COLUMNS[id].label}
    </Table.Th>
  );
}
